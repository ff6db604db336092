import { setTimeout as after } from 'node:timers/promises';
import type { Shop } from '../place/shop.ts';
import type { Placed, Progress, Story } from './story.ts';

export interface Followed extends Placed, Progress {
	/** Its events that the function of the drill handles. */
	readonly events: readonly DrilledEvent[];
	/** The events of the order that were emitted more than once. */
	readonly doubled: readonly string[];
	/** It is settled, the function has handled each event, and nothing was doubled. */
	readonly whole: boolean;
}

interface DrilledEvent {
	readonly id: string;
	readonly type: string;
	readonly status: 'pending' | 'failing' | 'handled' | 'dead' | 'discarded';
	readonly attempts: number;
	/** Each error that occurred, and how often. */
	readonly failures: readonly { readonly error: string; readonly times: number }[];
	readonly handled_at: string | null;
}

interface LoggedEvent {
	readonly id: string;
	readonly type: string;
	readonly cause: string | null;
	readonly deliveries: readonly ({ readonly function: string } & Omit<DrilledEvent, 'id' | 'type'>)[];
}

/** Whom to follow: the orders of a drill of the function `fn`. */
export interface Drill {
	readonly shop: Shop;
	readonly story: Story;
	readonly fn: string;
	readonly placed: readonly Placed[];
}

/**
 * Polls the orders twice a second, because HTTP has no event to wait for.
 * @returns the orders when `until` holds for each, or after `patience` milliseconds
 */
export async function follow(
	drill: Drill,
	{
		until,
		patience,
		onPoll = () => {},
	}: { until: (order: Followed) => boolean; patience: number; onPoll?: (orders: readonly Followed[]) => void },
	stop: AbortSignal,
): Promise<readonly Followed[]> {
	for (const end = performance.now() + patience; ; await after(500, undefined, { signal: stop })) {
		const orders = await Promise.all(drill.placed.map((order) => look(drill, order, stop)));
		onPoll(orders);
		if (orders.every(until) || performance.now() > end) return orders;
	}
}

async function look({ shop, story, fn }: Drill, order: Placed, stop: AbortSignal): Promise<Followed> {
	const [progress, logged] = await Promise.all([
		story.progressOf(shop.ask, order.id, stop),
		shop.ask<LoggedEvent[]>('GET', `/api/events?trace=${order.trace}`, {}, stop),
	]);
	const events = logged.flatMap(({ id, type, deliveries }) =>
		deliveries
			.filter((delivery) => delivery.function === fn)
			.map(({ status, attempts, failures, handled_at }) => ({ id, type, status, attempts, failures, handled_at })),
	);
	// One event causes at most one event of each type.
	const steps = logged.map(({ type, cause }) => `${type} of ${cause}`);
	const doubled = steps.filter((step, index) => steps.indexOf(step) !== index);
	const whole =
		story.isSettled(progress) &&
		events.length > 0 &&
		events.every(({ handled_at }) => handled_at !== null) &&
		doubled.length === 0;
	return { ...order, ...progress, events, doubled, whole };
}
