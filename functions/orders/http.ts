import { storedKey } from '../../kit/data/idempotency.ts';
import { eventStream } from '../../kit/http/event-stream.ts';
import { implement } from '../../kit/http/http.ts';
import { page } from '../../kit/http/pagination.ts';
import { found, notFound, Problem } from '../../kit/http/problem.ts';
import type { Context } from '../../kit/serve/context.ts';
import { api as booksApi } from '../books/api.ts';
import { api, type OrderInput } from './api.ts';
import * as orders from './orders.ts';

export const operations = implement(api, {
	async listOrders({ query: { limit, after } }, { db }, exchange) {
		const rows = await orders.list(db, orders.seenBy(exchange.identity), limit + 1, after);
		return page(rows, limit, (order) => order.id, exchange);
	},

	async listMyOrders({ query: { limit, after } }, { db }, exchange) {
		const rows = await orders.list(db, { account: exchange.identity?.id }, limit + 1, after);
		return page(rows, limit, (order) => order.id, exchange);
	},

	async getOrder({ params: { id } }, context, exchange) {
		const order = found(await orders.find(context.db, orders.seenBy(exchange.identity), id), 'order', id);
		if (exchange.mediaType !== 'text/event-stream') return order;
		return eventStream(exchange, (signal) => orders.follow(context, order, signal));
	},

	async placeOrder({ body, headers }, context, exchange) {
		const account = exchange.identity?.id;
		const key = headers['idempotency-key'] && storedKey(headers['idempotency-key'], account);
		const wish = { ...body, account_id: account ?? null };
		const known = key === undefined ? undefined : await orders.findByKey(context.db, key, wish);
		let order = known ?? (await orders.place(context, wish, await priceOf(body, context), key));
		const seconds = waitOf(headers.prefer);
		if (seconds !== undefined) {
			exchange.header('preference-applied', `wait=${seconds}`);
			order = await orders.settled(context, order, seconds * 1000);
		}
		exchange.header('location', `${api.base}/${order.id}`);
		return order;
	},
});

/** Rejects an order early if stock is short; books reserves the copies later, when it handles the event. */
async function priceOf({ book_id, quantity }: OrderInput, context: Context): Promise<string> {
	const answer = await context.call(booksApi, 'getBook', { params: { id: book_id } });
	if (!answer.ok) throw notFound('book', book_id);
	const { title, stock, price } = answer.body;
	if (stock < quantity)
		throw new Problem(
			409,
			`There are ${stock} copies of "${title}", and the order is for ${quantity}. Order fewer, or wait for new stock.`,
		);
	return price;
}

/** Returns the seconds of `Prefer: wait=N`, at most 30. Ignores unknown preferences (RFC 7240, 2). */
function waitOf(prefer: string | undefined): number | undefined {
	const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d+)/i.exec(prefer ?? '')?.[1];
	return seconds === undefined ? undefined : Math.min(Number(seconds), 30);
}
