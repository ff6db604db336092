import { type Identity, isAdmin } from '../../kit/auth/auth.ts';
import type { Queryable } from '../../kit/data/database.ts';
import { usedKey } from '../../kit/data/idempotency.ts';
import type { Context } from '../../kit/serve/context.ts';
import { log } from '../../kit/trace/log.ts';
import type { Order, OrderInput } from './api.ts';

const columns = 'id, book_id, customer_name, quantity, unit_price, status, reason, created_at';

/** The orders that a caller sees: all of them, or those placed without an account (`open`) and those of one account. */
interface Seen {
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

/** Finds the order that was placed with an idempotency key, in its stored form. @throws {Problem} 422 when that order differs */
export async function findByKey(db: Queryable, key: string, wish: Wish): Promise<Order | undefined> {
	const { rows } = await db.query<Order & { same: boolean }>(
		`select ${columns}, (book_id, quantity, customer_name) = ($2::int, $3::int, $4::text) as same
		 from orders where idempotency_key = $1`,
		[key, wish.book_id, wish.quantity, wish.customer_name],
	);
	if (!rows[0]) return undefined;
	const { same, ...order } = rows[0];
	if (same) return order;
	throw usedKey('order');
}

/** Stores a pending order and, in the same transaction, the event that starts the saga. */
export async function place(context: Context, wish: Wish, unit_price: string, key?: string): Promise<Order> {
	const { book_id, customer_name, quantity, account_id } = wish;
	const placed = await context.transaction(async (tx) => {
		const { rows } = await tx.query<Order>(
			`insert into orders (book_id, customer_name, quantity, unit_price, idempotency_key, account_id) values ($1, $2, $3, $4, $5, $6)
			 on conflict (idempotency_key) do nothing returning ${columns}`,
			[book_id, customer_name, quantity, unit_price, key ?? null, account_id],
		);
		const order = rows[0];
		if (order)
			await tx.emit('order.placed', order.id, {
				order_id: order.id,
				book_id,
				customer_name,
				quantity,
				unit_price,
				...(account_id ? { account_id } : {}),
			});
		return order;
	});
	// No row: a parallel request with the same key placed the order.
	return placed ?? ((await findByKey(context.db, key as string, wish)) as Order);
}

/** Settles a pending order. Does not change an order that is already settled. */
export async function settle(
	tx: Queryable,
	notifications: Context['notifications'],
	id: number,
	status: 'completed' | 'rejected',
	reason: string | null = null,
): Promise<void> {
	const { rowCount } = await tx.query(
		`update orders set status = $2, reason = $3 where id = $1 and status = 'pending'`,
		[id, status, reason],
	);
	if (rowCount) await notifications.notify(tx, String(id));
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
