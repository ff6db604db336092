import type { LoggedEvent } from '../../../functions/event-log/api.ts';
import { functionOf } from '../naming.ts';

/** A step in an event's life: a function published it, or it was delivered to a function. */
export interface Step {
	/** `waiting`: another attempt is due. */
	readonly kind: 'published' | 'received' | 'handled' | 'failed' | 'waiting' | 'dead' | 'discarded';
	readonly event: string;
	readonly type: string;
	/** The publisher, or the recipient of the delivery. */
	readonly function: string;
	/** Unix time in milliseconds; undefined for `waiting`, `dead` and `discarded`. */
	readonly at?: number;
	/** For `handled`: milliseconds since it was published. */
	readonly took?: number;
	/** For `received`: the number of the attempt, from 1. */
	readonly attempt?: number;
	readonly failed?: Failed;
	/** Only admins see it. */
	readonly error?: string | undefined;
	/** For `published`: how often the relay republished it. */
	readonly relays?: number;
}

/** The attempts of one publication that failed with the same error. The step has the time of the first of them. */
interface Failed {
	/** The place among the failures of the delivery, from 0. */
	readonly index: number;
	/** The kind of the publication: `first`, `relay`, `replay` or `drill`; undefined if it is not known. */
	readonly publication: string | undefined;
	/** Whether they include the first attempt of the publication. */
	readonly isFirst: boolean;
	readonly times: number;
	/** When the last of them failed: Unix time in milliseconds. */
	readonly until: number;
}

/** Returns the steps of a trace in chronological order; steps without a time come last. */
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
			// The sort is stable, so an event stays after the handling that emitted it when both have the same time.
			.sort((one, other) => (one.at ?? Number.POSITIVE_INFINITY) - (other.at ?? Number.POSITIVE_INFINITY) || 0)
	);
}

/** Returns when an event left: `time` is when its transaction began, but it is published after its cause was handled. */
function publishedAt({ source, time }: LoggedEvent, cause: LoggedEvent | undefined): number {
	const handled = cause?.deliveries.find((delivery) => delivery.function === functionOf(source))?.handled_at;
	return Math.max(Date.parse(time), handled ? Date.parse(handled) : 0);
}

function delivered(delivery: LoggedEvent['deliveries'][number], publishedAt: number): Omit<Step, 'event' | 'type'>[] {
	const { function: fn, status, attempts, failures, unlisted_failures, received_at, handled_at } = delivery;
	const failed = failures.map(({ publication, at, first_at, times, error }, index) => ({
		kind: 'failed' as const,
		function: fn,
		at: Date.parse(first_at),
		error,
		failed: {
			index,
			publication: publication?.split('-')[0],
			isFirst:
				publication !== null &&
				unlisted_failures === 0 &&
				failures.findIndex((other) => other.publication === publication) === index,
			times,
			until: Date.parse(at),
		},
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
