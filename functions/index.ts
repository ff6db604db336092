import type { Declaration } from '../kit/declare/declare.ts';
import { distinct } from '../kit/declare/distinct.ts';
import billing from './billing/function.ts';
import books from './books/function.ts';
import calc from './calc/function.ts';
import data from './data/function.ts';
import eventLog from './event-log/function.ts';
import gateway from './gateway/function.ts';
import info from './info/function.ts';
import movies from './movies/function.ts';
import orders from './orders/function.ts';
import reference from './reference/function.ts';
import relay from './relay/function.ts';
import stats from './stats/function.ts';
import todo from './todo/function.ts';
import users from './users/function.ts';
import weather from './weather/function.ts';

/** The shop itself. `npx bodega new` adds a function here. */
const shop: readonly Declaration[] = [books, orders, billing, movies, todo, weather, calc, stats];

/** The functions that every shop needs. */
export const base: readonly Declaration[] = [gateway, users, info, eventLog, relay, data, reference];

export const functions: readonly Declaration[] = distinct([...shop, ...base]);
