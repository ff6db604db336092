import { isDeepStrictEqual } from 'node:util';
import type { Order } from '../../../../functions/orders/api.ts';
import { claimsNothing, type Exchange, outcomeOf } from '../../history.ts';
import type { Invariant } from '../../invariants/invariant.ts';
import { type State, sightingsOf, type Wish, wishesOf } from './state.ts';

const byName = ({ orders }: State): Map<string, Order[]> => Map.groupBy(orders, ({ customer_name }) => customer_name);
const acknowledged = ({ attempts }: Wish): Order[] =>
	attempts.filter((attempt) => outcomeOf(attempt) === 'done').map(({ answer }) => answer as Order);
const told = (order: Order): string => JSON.stringify(order);
const requests = (attempts: readonly Exchange[]): string =>
	attempts.map(({ sent, status, error }) => `${Math.round(sent)} ms: ${status ?? error}`).join(', ');

/** The promises to customers. Those about the stock are in stock.ts. */
export const invariants: readonly Invariant<State>[] = [
	{
		claim: 'every acknowledged order exists as it was placed',
		violations: (history, { orders }) => {
			const byId = new Map(orders.map((order) => [order.id, order]));
			return wishesOf(history).flatMap((wish) =>
				acknowledged(wish).flatMap(({ id }) => {
					const order = byId.get(id);
					if (!order) return `order ${id} of "${wish.name}" was acknowledged and does not exist`;
					const lines = order.lines.map(({ book_id, quantity }) => ({ book_id, quantity }));
					return order.customer_name === wish.name && isDeepStrictEqual(lines, wish.lines)
						? []
						: `order ${id} was placed as ${JSON.stringify(wish.attempts[0]?.body)} and is ${told(order)}`;
				}),
			);
		},
	},
	{
		claim: 'every request has at most one order, and so has every Idempotency-Key',
		violations: (history, state) => {
			const found = byName(state);
			return wishesOf(history).flatMap(({ name, attempts }) => {
				const ids = (found.get(name) ?? []).map(({ id }) => id);
				return ids.length > 1 ? `"${name}" has the orders ${ids.join(', ')}; its requests: ${requests(attempts)}` : [];
			});
		},
	},
	{
		claim: 'no order exists that nobody placed',
		violations: (history, { orders }) => {
			const wished = new Set(wishesOf(history).map(({ name }) => name));
			return orders.filter(({ customer_name }) => !wished.has(customer_name)).map(told);
		},
	},
	{
		claim: 'no refused order exists',
		violations: (history, state) => {
			const found = byName(state);
			return wishesOf(history).flatMap(({ name, attempts }) =>
				attempts.every((attempt) => outcomeOf(attempt) === 'refused') && found.has(name)
					? `"${name}" was answered ${requests(attempts)} and has ${(found.get(name) ?? []).map(told).join()}`
					: [],
			);
		},
	},
	{
		claim: 'no answer says that nothing was changed when an order was placed',
		violations: (history, state) => {
			const found = byName(state);
			return wishesOf(history).flatMap(({ name, attempts }) =>
				attempts.every(claimsNothing) && found.has(name)
					? `"${name}" was answered "${JSON.stringify(attempts[0]?.answer)}" and its order exists`
					: [],
			);
		},
	},
	{
		claim: 'no order is pending for ever',
		violations: (_history, { orders }) => orders.filter(({ status }) => status === 'pending').map(told),
	},
	{
		claim: 'a settled order never changes',
		violations: (history, { orders }) => {
			const byId = new Map(orders.map((order) => [order.id, order.status]));
			return sightingsOf(history).flatMap(({ order: { id, status }, exchange }) => {
				const last = byId.get(id);
				return status === 'pending' || last === undefined || status === last
					? []
					: `${exchange.client} saw order ${id} ${status} after ${Math.round(exchange.ended)} ms, and it is ${last}`;
			});
		},
	},
	{
		claim: 'a completed order has exactly one invoice, with its copies and amount, and no other order has any',
		violations: (_history, { orders, invoices }) => {
			const byOrder = Map.groupBy(invoices, ({ order_id }) => order_id);
			return orders.flatMap((order) => {
				const found = byOrder.get(order.id) ?? [];
				const expected = order.status === 'completed' ? 1 : 0;
				if (found.length !== expected) return `${told(order)} has ${found.length} invoices, expected ${expected}`;
				const items = order.lines.reduce((sum, { quantity }) => sum + quantity, 0);
				const cents = order.lines.reduce(
					(sum, each) => sum + Math.round(Number(each.unit_price) * 100) * each.quantity,
					0,
				);
				return found
					.filter(
						(each) =>
							each.number_of_items !== items ||
							Number(each.total_amount) !== cents / 100 ||
							!isDeepStrictEqual(each.lines, order.lines),
					)
					.map((invoice) => `${told(order)} has the invoice ${JSON.stringify(invoice)}`);
			});
		},
	},
	{
		claim: 'a followed order is seen settled, and a stream is ended by its final state',
		violations: (history) => {
			const followed = history.exchanges.filter(
				({ operation, answer, status }) => operation === 'getOrder' && status === 200 && Array.isArray(answer),
			);
			return [...Map.groupBy(followed, ({ path }) => path)].flatMap(([path, streams]) => {
				const last = (streams.at(-1)?.answer as Order[] | undefined)?.at(-1);
				return last && last.status !== 'pending'
					? []
					: `the last of ${streams.length} streams of ${path} ended with ${JSON.stringify(last)}`;
			});
		},
	},
];
