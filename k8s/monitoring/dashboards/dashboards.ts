import type { Dashboard } from './dashboard.ts';
import { database } from './database.ts';
import { events } from './events.ts';
import { functions } from './functions.ts';
import { overview } from './overview.ts';
import { scaling } from './scaling.ts';

export const dashboards: readonly Dashboard[] = [overview, functions, events, scaling, database];
