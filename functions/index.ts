import billing from './billing/function.ts';
import books from './books/function.ts';
import eventLog from './event-log/function.ts';
import gateway from './gateway/function.ts';
import info from './info/function.ts';
import type { Declaration } from './kit/declare.ts';
import orders from './orders/function.ts';
import relay from './relay/function.ts';

/** Every function of the shop. Adding one is adding its folder, and its line here. */
export const functions: readonly Declaration[] = [books, orders, billing, gateway, info, eventLog, relay];
