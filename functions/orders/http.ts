import type { Queryable } from '../../kit/data/database.ts';
import { storedKey } from '../../kit/data/idempotency.ts';
import type { Input } from '../../kit/declare/contract.ts';
import { eventStream } from '../../kit/http/event-stream.ts';
import { type Exchange, implement } from '../../kit/http/http.ts';
import { page } from '../../kit/http/pagination.ts';
import { found, Problem } from '../../kit/http/problem.ts';
import { TextBody } from '../../kit/http/text-body.ts';
import type { Context } from '../../kit/serve/context.ts';
import { api as booksApi } from '../books/api.ts';
import { api, type OrderInput, type OrderLine } from './api.ts';
import { csvOf } from './csv.ts';
import * as orders from './orders.ts';

export const operations = implement(api, {
	listOrders({ query }, { db }, exchange) {
		return listed(db, orders.seenBy(exchange.identity), query, exchange);
	},

	listMyOrders({ query }, { db }, exchange) {
		return listed(db, { account: exchange.identity?.id }, query, exchange);
	},

	async getOrder({ params: { id } }, context, exchange) {
		const order = found(await orders.find(context.db, orders.seenBy(exchange.identity), id), 'order', id);
		if (exchange.mediaType !== 'text/event-stream') return order;
		return eventStream(exchange, (signal) => orders.follow(context, order, signal));
	},

	cancelOrder({ params: { id } }, context, exchange) {
		return orders.cancel(context, exchange.identity, id);
	},

	async placeOrder({ body, headers }, context, exchange) {
		const account = exchange.identity?.id;
		const key = headers['idempotency-key'] && storedKey(headers['idempotency-key'], account);
		const wish = { ...body, account_id: account ?? null };
		const known = key === undefined ? undefined : await orders.findByKey(context.db, key, wish);
		let order = known ?? (await orders.place(context, wish, await linesOf(body, context), key));
		const seconds = waitOf(headers.prefer);
		if (seconds !== undefined) {
			exchange.header('preference-applied', `wait=${seconds}`);
			order = await orders.settled(context, order, seconds * 1000);
		}
		exchange.header('location', `${api.base}/${order.id}`);
		return order;
	},
});

type Query = Input<typeof api.operations.listOrders>['query'];

/** Returns a page of orders, or all of them as CSV. */
async function listed(db: Queryable, seen: orders.Seen, { limit, after }: Query, exchange: Exchange) {
	if (exchange.mediaType !== 'text/csv')
		return page(await orders.list(db, seen, limit + 1, after), limit, (order) => order.id, exchange);
	exchange.header('content-disposition', 'attachment; filename="orders.csv"');
	return new TextBody('text/csv', await csvOf((before) => orders.list(db, seen, batch, before), batch));
}

/** How many orders a CSV reads per query. */
const batch = 1000;

/**
 * Returns the lines of an order, with the titles and prices of now. Rejects it early if stock is short; books reserves the
 * copies later, when it handles the event.
 * @throws {Problem} 404 when a book does not exist, 409 when copies are missing, 503 when books does not answer
 */
async function linesOf({ lines }: OrderInput, context: Context): Promise<OrderLine[]> {
	const ids = lines.map(({ book_id }) => book_id);
	// The previous release of books ignores the ids, and answers with this many books.
	const answer = await context.call(booksApi, 'listBooks', { query: { id: ids, limit: 1000 } });
	if (!answer.ok) throw new Error(`books answered ${answer.status}: ${JSON.stringify(answer.problem)}`);
	const books = new Map(answer.body.map((book) => [book.id, book]));
	const ordered = lines.map((line) => ({ ...line, book: found(books.get(line.book_id), 'book', line.book_id) }));
	const missing = ordered
		.filter(({ book, quantity }) => book.stock < quantity)
		.map(
			({ book, quantity }) => `There are ${book.stock} copies of "${book.title}", and the order is for ${quantity}.`,
		);
	if (missing.length) throw new Problem(409, `${missing.join(' ')} Order fewer, or wait for new stock.`);
	return ordered.map(({ book: { title, price }, book_id, quantity }) => ({
		book_id,
		title,
		quantity,
		unit_price: price,
	}));
}

/** Returns the seconds of `Prefer: wait=N`, at most 30. Ignores unknown preferences (RFC 7240, 2). */
function waitOf(prefer: string | undefined): number | undefined {
	const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d+)/i.exec(prefer ?? '')?.[1];
	return seconds === undefined ? undefined : Math.min(Number(seconds), 30);
}
