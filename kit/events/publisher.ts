import { setTimeout as after } from 'node:timers/promises';
import type { StoredEvent } from '../../eventing/outbox.ts';
import { messageOf } from '../http/problem.ts';
import { exchange } from '../net/exchange.ts';
import { log } from '../trace/log.ts';

/**
 * How long a Broker has to answer, in milliseconds. The default Broker answers only after every subscriber, including
 * retries, so this exceeds all retries of `eventing/delivery.ts` together. No request waits for it.
 */
const timeout = 300_000;

/** The most publications of one process in parallel. Each takes a connection and some 70 kB of memory. */
const inParallel = 1_000;

/** The time between two log lines about events that are not published, in milliseconds. */
const silence = 10_000;

/** Publishes stored events in the background. Only logs a failure, because the relay republishes unhandled events. */
export class Publisher {
	readonly #sink: URL;
	readonly #running = new Set<Promise<boolean>>();
	#loggedAt = Number.NEGATIVE_INFINITY;
	#unlogged = 0;

	constructor(sink: string) {
		this.#sink = new URL(sink);
	}

	/** Publishes events without waiting. Leaves to the relay what exceeds the bound. */
	publish = (events: readonly StoredEvent[]): void => {
		for (const event of events)
			if (this.#running.size < inParallel) void this.send(event);
			else this.#warn(event, `${inParallel} events are being published already`);
	};

	/** Publishes an event, and returns whether the Broker accepted it. Never throws. */
	send(event: StoredEvent): Promise<boolean> {
		const sending = this.#send(event)
			.then(() => true)
			.catch((error) => {
				this.#warn(event, messageOf(error));
				return false;
			})
			.finally(() => this.#running.delete(sending));
		this.#running.add(sending);
		return sending;
	}

	/** Logs at most one line in ten seconds, because a shop emits thousands of events in that time. */
	#warn({ id, type }: StoredEvent, error: string): void {
		const now = performance.now();
		if (now - this.#loggedAt < silence) {
			this.#unlogged += 1;
			return;
		}
		log.warn('cannot publish an event; the relay will retry', { event: id, type, error, othersBefore: this.#unlogged });
		this.#loggedAt = now;
		this.#unlogged = 0;
	}

	/** Loads the SDK of CloudEvents: not before the process listens, because its schema validator would slow every cold start. */
	load = (): Promise<typeof import('cloudevents')> => import('cloudevents');

	async #send(event: StoredEvent): Promise<void> {
		const { CloudEvent, HTTP } = await this.load();
		// Not validated: the outbox holds what the catalog allows.
		const cloudEvent = new CloudEvent({ publication: 'first', ...event, datacontenttype: 'application/json' }, false);
		const { headers, body } = HTTP.binary(cloudEvent);
		const { status } = await exchange(this.#sink, {
			method: 'POST',
			// The event of a dead letter that another publisher sent can lack one.
			headers: {
				...(headers as Record<string, string>),
				...(event.traceparent ? { traceparent: event.traceparent } : {}),
			},
			body: body as string,
			limit: timeout,
		});
		if (status >= 300) throw new Error(`the broker answered ${status}`);
	}

	/** Waits up to `limit` milliseconds for the events that are being published. */
	async drain(limit: number): Promise<void> {
		await Promise.race([Promise.allSettled(this.#running), after(limit, undefined, { ref: false })]);
	}
}
