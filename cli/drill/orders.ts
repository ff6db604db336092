import { randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import type { Shop } from '../shop.ts';

/** Maximum number of orders in a drill. Each is polled twice a second. */
export const mostOrders = 50;

/** An order of the drill. All events that follow from it carry its trace. */
export interface Order {
	readonly id: number;
	/** Trace id of 32 hex digits. */
	readonly trace: string;
}

/** The current state of an order. */
export interface Followed extends Order {
	readonly status: 'pending' | 'completed' | 'rejected';
	/** Number of its invoices. */
	readonly invoices: number;
	/** Its events for the drilled function. */
	readonly events: readonly DrilledEvent[];
	/** Its events that were published more than once. */
	readonly doubled: readonly string[];
}

export interface DrilledEvent {
	readonly id: string;
	readonly type: string;
	readonly attempts: number;
	readonly failures: readonly { readonly at: string; readonly error: string }[];
	readonly handled_at: string | null;
}

/** The fields used of an event in the log. */
interface LoggedEvent {
	readonly id: string;
	readonly type: string;
	readonly cause: string | null;
	readonly deliveries: readonly ({ readonly function: string } & Omit<DrilledEvent, 'id' | 'type'>)[];
}

/** Places orders for one copy of a book each. */
export async function place(shop: Shop, book: number, count: number, stop: AbortSignal): Promise<Order[]> {
	const orders: Order[] = [];
	for (const _ of Array(count)) {
		const body = { book_id: book, customer_name: 'A drill', quantity: 1 };
		// The key makes a retry after a 503 the same order.
		const headers = { 'idempotency-key': randomUUID() };
		const { id } = await shop.ask<{ id: number }>('POST', '/api/orders', { body, headers }, stop);
		const placed = `/api/events?type=dev.bodega.order.placed&subject=${id}`;
		const [event] = await shop.ask<{ traceparent: string }[]>('GET', placed, {}, stop);
		orders.push({ id, trace: event?.traceparent.slice(3, 35) ?? '' });
	}
	return orders;
}

/**
 * Reports whether an order is complete: it has settled, every event of the function was handled, at least one only
 * after a failure (otherwise the drill had no effect), no event is duplicated, and it has one invoice if it was
 * completed.
 */
export const isWhole = ({ status, invoices, events, doubled }: Followed): boolean =>
	status !== 'pending' &&
	events.some(({ failures }) => failures.length > 0) &&
	events.every(({ handled_at }) => handled_at !== null) &&
	doubled.length === 0 &&
	invoices === (status === 'completed' ? 1 : 0);

/**
 * Polls the orders twice a second, because HTTP has no event to wait for, until all meet the condition. Returns their
 * last state, after `patience` milliseconds at the latest.
 */
export async function follow(
	shop: Shop,
	fn: string,
	orders: readonly Order[],
	{
		until,
		patience,
		tell = () => {},
	}: { until: (order: Followed) => boolean; patience: number; tell?: (orders: readonly Followed[]) => void },
	stop: AbortSignal,
): Promise<readonly Followed[]> {
	for (const end = performance.now() + patience; ; await after(500, undefined, { signal: stop })) {
		const all = await Promise.all(orders.map((order) => look(shop, fn, order, stop)));
		tell(all);
		if (all.every(until) || performance.now() > end) return all;
	}
}

async function look(shop: Shop, fn: string, order: Order, stop: AbortSignal): Promise<Followed> {
	const { id, trace } = order;
	const [{ status }, invoices, logged] = await Promise.all([
		shop.ask<Pick<Followed, 'status'>>('GET', `/api/orders/${id}`, {}, stop),
		shop.ask<unknown[]>('GET', `/api/billing?order_id=${id}`, {}, stop),
		shop.ask<LoggedEvent[]>('GET', `/api/events?trace=${trace}`, {}, stop),
	]);
	const events = logged.flatMap(({ id, type, deliveries }) =>
		deliveries
			.filter((delivery) => delivery.function === fn)
			.map(({ attempts, failures, handled_at }) => ({ id, type, attempts, failures, handled_at })),
	);
	// An event causes at most one event of each type.
	const steps = logged.map(({ type, cause }) => `${type} of ${cause}`);
	const doubled = steps.filter((step, index) => steps.indexOf(step) !== index);
	return { id, trace, status, invoices: invoices.length, events, doubled };
}
