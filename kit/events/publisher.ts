import type { StoredEvent } from '../../eventing/outbox.ts';
import { messageOf } from '../http/problem.ts';
import { log } from '../trace/log.ts';

/**
 * How long a Broker may take: the default one answers only when every subscriber has, retries included, so this is longer
 * than all retries of `eventing/delivery.ts` together. Nobody waits for it.
 */
const timeout = 300_000;

/**
 * Publishes events that are already in the outbox, in the background. A failure is only logged: an event is judged by
 * its deliveries, and the relay publishes again what has gone unhandled.
 */
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
					log.warn('an event could not be published; the relay will', {
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
		// Loaded with the first event: its schema validator would cost every cold start.
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

	/** Waits for what is being published, at most `limit` milliseconds. */
	async drain(limit: number): Promise<void> {
		let timer: NodeJS.Timeout | undefined;
		const patience = new Promise<void>((resolve) => {
			timer = setTimeout(resolve, limit);
		});
		await Promise.race([Promise.allSettled(this.#running), patience]);
		clearTimeout(timer);
	}
}
