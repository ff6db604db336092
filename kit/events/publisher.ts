import { setTimeout as after } from 'node:timers/promises';
import type { StoredEvent } from '../../eventing/outbox.ts';
import { messageOf } from '../http/problem.ts';
import { log } from '../trace/log.ts';

/**
 * How long a Broker has to answer, in milliseconds. The default Broker answers only after every subscriber, including
 * retries, so this exceeds all retries of `eventing/delivery.ts` together. No request waits for it.
 */
const timeout = 300_000;

/** Publishes stored events in the background. Only logs a failure, because the relay republishes unhandled events. */
export class Publisher {
	readonly #sink: string;
	readonly #running = new Set<Promise<void>>();

	constructor(sink: string) {
		this.#sink = sink;
	}

	publish = (events: readonly StoredEvent[]): void => {
		for (const event of events) {
			const sending = this.#send(event)
				.catch((error) =>
					log.warn('cannot publish an event; the relay will retry', {
						event: event.id,
						type: event.type,
						error: messageOf(error),
					}),
				)
				.finally(() => this.#running.delete(sending));
			this.#running.add(sending);
		}
	};

	async #send(event: StoredEvent): Promise<void> {
		// Loaded with the first event, because its schema validator would slow every cold start.
		const { CloudEvent, HTTP } = await import('cloudevents');
		const message = HTTP.binary(new CloudEvent({ ...event, datacontenttype: 'application/json' }));
		const answer = await fetch(this.#sink, {
			method: 'POST',
			headers: { ...(message.headers as Record<string, string>), traceparent: event.traceparent },
			body: message.body as string,
			signal: AbortSignal.timeout(timeout),
		});
		await answer.body?.cancel();
		if (!answer.ok) throw new Error(`the broker answered ${answer.status}`);
	}

	/** Waits up to `limit` milliseconds for the events that are being published. */
	async drain(limit: number): Promise<void> {
		await Promise.race([Promise.allSettled(this.#running), after(limit, undefined, { ref: false })]);
	}
}
