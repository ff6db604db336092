import type { Declaration } from '../kit/declare/declare.ts';
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

/** Every function of the shop. To add one, create its folder and add a line here. */
export const functions: readonly Declaration[] = [
	books,
	orders,
	billing,
	movies,
	users,
	todo,
	weather,
	calc,
	stats,
	gateway,
	info,
	eventLog,
	data,
	reference,
	relay,
];
