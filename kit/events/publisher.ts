import { setTimeout as after } from 'node:timers/promises';
import type { CloudEventV1 } from 'cloudevents';
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

	/**
	 * Sends an event in binary mode (CloudEvents 1.0, HTTP protocol binding, 3.1). The SDK could write it too, but
	 * its schema validator makes it take 40 ms to load. It gives the type here, and the tests read with it what is sent.
	 */
	async #send(event: StoredEvent): Promise<void> {
		// The event of a dead letter that another publisher sent can lack some attributes.
		const cloudEvent = { publication: 'first', ...event, specversion: '1.0' } satisfies CloudEventV1<unknown>;
		const { data, ...attributes } = cloudEvent;
		const headers: Record<string, string> = { 'content-type': 'application/json' };
		for (const [name, value] of Object.entries(attributes))
			if (value !== undefined) headers[`ce-${name}`] = String(value);
		if (event.traceparent) headers['traceparent'] = event.traceparent;
		const body = JSON.stringify(data);
		const { status } = await exchange(this.#sink, { method: 'POST', headers, body, limit: timeout });
		if (status >= 300) throw new Error(`the broker answered ${status}`);
	}

	/** Waits up to `limit` milliseconds for the events that are being published. */
	async drain(limit: number): Promise<void> {
		await Promise.race([Promise.allSettled(this.#running), after(limit, undefined, { ref: false })]);
	}
}
