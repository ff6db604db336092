import type { LoggedEvent } from '../../../functions/event-log/api.ts';
import { functionOf } from '../naming.ts';

/** Something that befell an event: a function published it, or it was delivered to one. */
export interface Step {
	/** `waiting`: an attempt is to come. */
	readonly kind: 'published' | 'received' | 'handled' | 'failed' | 'waiting' | 'dead' | 'discarded';
	readonly event: string;
	readonly type: string;
	/** Who published it, or to whom it was delivered. */
	readonly function: string;
	/** When, in milliseconds since 1970; undefined for what is not over. */
	readonly at?: number;
	/** Of `handled`: milliseconds since it was published. */
	readonly took?: number;
	/** Of `received` and `failed`: which attempt, from 1. */
	readonly attempt?: number;
	/** Of `failed`. */
	readonly error?: string;
	/** Of `published`: how often the relay published it again. */
	readonly relays?: number;
}

/** Everything that befell the events of a trace, in the order in which it did; what is not over comes last. */
export function stepsOf(events: readonly LoggedEvent[]): Step[] {
	const known = new Map(events.map((event) => [event.id, event]));
	return (
		[...events]
			.sort((one, other) => (one.id < other.id ? -1 : 1))
			.flatMap((event) => {
				const at = publishedAt(event, known.get(event.cause ?? ''));
				const own = { event: event.id, type: event.type };
				const published = { kind: 'published', ...own, function: functionOf(event.source), at, relays: event.relays };
				return [
					published as Step,
					...event.deliveries.flatMap((delivery) => delivered(delivery, at).map((step) => ({ ...own, ...step }))),
				];
			})
			// The sort is stable: at the same moment what is published comes after the handling that it followed from.
			.sort((one, other) => (one.at ?? Number.POSITIVE_INFINITY) - (other.at ?? Number.POSITIVE_INFINITY) || 0)
	);
}

/** An event's time is that of its transaction's beginning; it leaves when the handling that emitted it has ended. */
function publishedAt({ source, time }: LoggedEvent, cause: LoggedEvent | undefined): number {
	const handled = cause?.deliveries.find((delivery) => delivery.function === functionOf(source))?.handled_at;
	return Math.max(Date.parse(time), handled ? Date.parse(handled) : 0);
}

function delivered(delivery: LoggedEvent['deliveries'][number], publishedAt: number): Omit<Step, 'event' | 'type'>[] {
	const { function: fn, status, attempts, failures, received_at, handled_at } = delivery;
	// Only the last failures are kept.
	const before = attempts - failures.length - (handled_at ? 1 : 0);
	const failed = failures.map(({ at, error }, index) => ({
		kind: 'failed' as const,
		function: fn,
		at: Date.parse(at),
		attempt: before + index + 1,
		error,
	}));
	if (!handled_at)
		return [...failed, { kind: status === 'dead' || status === 'discarded' ? status : 'waiting', function: fn }];
	const handled = Date.parse(handled_at);
	return [
		...failed,
		{ kind: 'received', function: fn, at: received_at ? Date.parse(received_at) : handled, attempt: attempts },
		{ kind: 'handled', function: fn, at: handled, took: handled - publishedAt },
	];
}
