import type { ArchivedEvent } from '../../database/archive/event.ts';
import { type EventType, eventTypeOf } from '../../eventing/catalog/catalog.ts';
import { functionOf } from '../../eventing/delivery.ts';
import type { Logged } from './event-line.ts';

const inMilliseconds = (time: string | undefined): string | null =>
	time === undefined ? null : new Date(time).toISOString();

/**
 * Returns an archived event in the form of the event log. Only its `origin` is missing, which can be in another file: it is the first
 * event with the same trace id.
 */
export function loggedOf(event: ArchivedEvent): Logged {
	const { id, source, type, subject, dataschema, traceparent, relays, data, deliveries, deadletters } = event;
	const triggers = [...new Set([...deliveries, ...deadletters].map(({ trigger }) => trigger))].sort();
	return {
		...{ id, source, type, subject, time: new Date(event.time).toISOString(), dataschema, traceparent },
		...{ cause: event.causationid ?? null, relays, relay_after: null, published_by: event.publishedby ?? null, data },
		deliveries: triggers.map((trigger) => {
			const delivery = deliveries.find((each) => each.trigger === trigger);
			const letter = deadletters.find((each) => each.trigger === trigger);
			const { attempts = 0, failures = [] } = delivery ?? {};
			const listed = failures.reduce((sum, { times }) => sum + times, 0);
			return {
				trigger,
				function: functionOf(trigger, eventTypeOf(type) as EventType),
				status: statusOf(delivery, letter),
				attempts,
				failures,
				unlisted_failures: attempts - (delivery?.handled_at ? 1 : 0) - listed,
				retry_after: null,
				resolution: letter?.resolution ?? null,
				drill_until: null,
				received_at: inMilliseconds(delivery?.received_at),
				handled_at: inMilliseconds(delivery?.handled_at),
			};
		}),
	};
}

/** Returns the status of a delivery, by the rules of the event log. */
function statusOf(
	delivery: ArchivedEvent['deliveries'][number] | undefined,
	letter: ArchivedEvent['deadletters'][number] | undefined,
): Logged['deliveries'][number]['status'] {
	if (delivery?.handled_at) return 'handled';
	if (letter?.resolution === 'discarded') return 'discarded';
	if (letter && !letter.resolution) return 'dead';
	return delivery?.attempts ? 'failing' : 'pending';
}
