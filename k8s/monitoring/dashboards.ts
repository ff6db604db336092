import type { Dashboard } from './dashboard.ts';
import { database } from './dashboards/database.ts';
import { events } from './dashboards/events.ts';
import { functions } from './dashboards/functions.ts';
import { overview } from './dashboards/overview.ts';
import { scaling } from './dashboards/scaling.ts';

export const dashboards: readonly Dashboard[] = [overview, functions, events, scaling, database];
