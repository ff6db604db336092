import type { PlacedOrder } from '../../eventing/catalog/orders.ts';
import { type Identity, isAdmin } from '../../kit/auth/auth.ts';
import type { Queryable, Transaction } from '../../kit/data/database.ts';
import { usedKey } from '../../kit/data/idempotency.ts';
import { multiply, sum } from '../../kit/fields/money.ts';
import { found, Problem } from '../../kit/http/problem.ts';
import type { Context } from '../../kit/serve/context.ts';
import { log } from '../../kit/trace/log.ts';
import type { Order, OrderInput, OrderLine } from './api.ts';

const columns =
	'id, customer_name, lines, total_amount, status, reason, created_at, settled_at, account_id is not null as private';

/** The orders that a caller sees: all of them, or those placed without an account (`open`) and those of one account. */
export interface Seen {
	readonly all?: boolean;
	readonly open?: boolean;
	readonly account?: string | undefined;
}

export const seenBy = (identity: Identity | undefined): Seen => ({
	all: isAdmin(identity),
	open: true,
	account: identity?.id,
});

/** Lists orders, newest first; `after` is an order's id. Each part reads its own index, so none reads others' orders. */
export async function list(
	db: Queryable,
	{ all = false, open = false, account }: Seen,
	limit: number,
	after = 2_147_483_647,
): Promise<Order[]> {
	const newest = 'and id < $1 order by id desc limit $2';
	const { rows } = await db.query<Order>(
		`select ${columns} from (
			(select * from orders where $3 ${newest}) union all
			(select * from orders where not $3 and $4 and account_id is null ${newest}) union all
			(select * from orders where not $3 and account_id = $5 ${newest})) seen
		 order by id desc limit $2`,
		[after, limit, all, open, account ?? null],
	);
	return rows;
}

export async function find(
	db: Queryable,
	{ all = false, open = false, account }: Seen,
	id: number,
): Promise<Order | undefined> {
	const { rows } = await db.query<Order>(
		`select ${columns} from orders where id = $1 and ($2 or ($3 and account_id is null) or account_id = $4)`,
		[id, all, open, account ?? null],
	);
	return rows[0];
}

/** The requested order and its account, which is null when the customer is not signed in. */
type Wish = OrderInput & { readonly account_id: string | null };

const isWished = (order: Order, { customer_name, lines }: Wish): boolean =>
	order.customer_name === customer_name &&
	order.lines.length === lines.length &&
	order.lines.every(
		({ book_id, quantity }, index) => book_id === lines[index]?.book_id && quantity === lines[index]?.quantity,
	);

/** Finds the order that was placed with an idempotency key, in its stored form. @throws {Problem} 422 when that order differs */
export async function findByKey(db: Queryable, key: string, wish: Wish): Promise<Order | undefined> {
	const { rows } = await db.query<Order>(`select ${columns} from orders where idempotency_key = $1`, [key]);
	if (rows[0] && !isWished(rows[0], wish)) throw usedKey('order');
	return rows[0];
}

/** Stores a pending order and, in the same transaction, the event that starts the saga. @param lines those of the wish, priced */
export async function place(context: Context, wish: Wish, lines: readonly OrderLine[], key?: string): Promise<Order> {
	const { customer_name, account_id } = wish;
	const total = sum(lines.map(({ unit_price, quantity }) => multiply(unit_price, quantity)));
	const store = async (tx: Transaction<'order.placed'>): Promise<Order | undefined> => {
		const { rows } = await tx.query<Order>(
			`insert into orders (customer_name, lines, total_amount, idempotency_key, account_id, is_cancellable)
			 values ($1, $2, $3, $4, $5, true)
			 on conflict (idempotency_key) do nothing returning ${columns}`,
			[customer_name, JSON.stringify(lines), total, key ?? null, account_id],
		);
		const order = rows[0];
		if (order) await tx.emit('order.placed', order.id, eventOf(order, account_id));
		return order;
	};
	// Orders that are placed at the same time share a commit, so that a tenth more are settled when twenty are in progress.
	const placed = await context.transaction(store, { lane: 'placed', isRepeatable: true });
	// No row: a parallel request with the same key placed the order.
	return placed ?? ((await findByKey(context.db, key as string, wish)) as Order);
}

/** Returns the data of the events about an order. */
const eventOf = ({ id, customer_name, lines }: Order, account_id: string | null): PlacedOrder => ({
	order_id: id,
	customer_name,
	lines,
	...(account_id === null ? {} : { account_id }),
});

/** Settles a pending order. Does not change an order that is already settled. */
export async function settle(
	tx: Queryable,
	notifications: Context['notifications'],
	id: number,
	status: 'completed' | 'rejected',
	reason: string | null = null,
): Promise<void> {
	const { rowCount } = await tx.query(
		`update orders set status = $2, reason = $3, settled_at = now() where id = $1 and status = 'pending'`,
		[id, status, reason],
	);
	if (rowCount) notifications.notify(tx, String(id));
}

/**
 * Cancels a pending order, as its customer or an admin. The row of the order decides whether it is cancelled, completed or
 * rejected: each of them changes only a pending order. Books and billing then undo what they have done, or do nothing later.
 * Returns an order that is cancelled already.
 * @throws {Problem} 404 when the caller does not see the order, 403 when it is not theirs, 409 when it is settled
 */
export async function cancel(context: Context, caller: Identity | undefined, id: number): Promise<Order> {
	return await context.transaction(async (tx) => {
		const { all = false, account } = seenBy(caller);
		const { rows } = await tx.query<Order & { account_id: string | null; is_cancellable: boolean }>(
			`select ${columns}, account_id, is_cancellable from orders
			 where id = $1 and ($2 or account_id is null or account_id = $3) for update`,
			[id, all, account ?? null],
		);
		const { account_id, is_cancellable, ...order } = found(rows[0], 'order', id);
		if (!all && account_id === null)
			throw new Problem(403, `Order ${id} was placed without an account, so only an admin can cancel it.`);
		if (order.status === 'cancelled') return order;
		if (order.status !== 'pending')
			throw new Problem(409, `Order ${id} is ${order.status}. Only a pending order can be cancelled.`);
		if (!is_cancellable)
			throw new Problem(409, `Order ${id} was placed before the shop could cancel orders. It will be settled shortly.`);
		const cancelled = await tx.query<Order>(
			`update orders set status = 'cancelled', settled_at = now() where id = $1 returning ${columns}`,
			[id],
		);
		await tx.emit('order.cancelled', id, eventOf(order, account_id));
		context.notifications.notify(tx, String(id));
		return cancelled.rows[0] as Order;
	});
}

/** Removes the customer's name from the orders of a deleted account. They remain that account's, so they stay private. */
export async function anonymize(tx: Queryable, accountId: string): Promise<void> {
	await tx.query(`update orders set customer_name = 'deleted account' where account_id = $1`, [accountId]);
}

/** Waits up to `milliseconds`. If waiting fails, returns the order anyway, because it is already placed. */
export async function settled(context: Context, order: Order, milliseconds: number): Promise<Order> {
	try {
		return await watch(context, order, milliseconds);
	} catch (error) {
		log.warn('cannot wait for an order to be settled, so it is returned as placed', { order: order.id, error });
		return order;
	}
}

/** Yields the order now, and again once it is settled. Ends then, or when `signal` is aborted. */
export async function* follow(context: Context, order: Order, signal: AbortSignal): AsyncGenerator<Order> {
	yield order;
	if (order.status !== 'pending') return;
	// Longer than any stream lasts.
	const latest = await watch(context, order, 300_000, signal);
	if (latest.status !== 'pending') yield latest;
}

async function watch(context: Context, order: Order, milliseconds: number, signal?: AbortSignal): Promise<Order> {
	let latest = order;
	const look = async (): Promise<boolean> => {
		latest = (await find(context.db, { all: true }, order.id)) ?? latest;
		return latest.status !== 'pending';
	};
	await context.notifications.until(String(order.id), milliseconds, look, signal);
	return latest;
}
