import type { Dispatcher } from 'undici';
import { check, type Event, type Headers, header, InvalidEvent, withAttributes } from '../event/event.ts';
import type { Log } from '../log.ts';
import type { Brokers, Trigger } from '../manifest/manifest.ts';
import {
	attempt,
	attemptOneWay,
	type ErrorInfo,
	type Failure,
	isFailure,
	isRetryable,
	type Outcome,
} from './attempt.ts';
import { persist } from './persist.ts';

/** What a publication needs of the broker that it goes through. */
export interface Route {
	/** Asked anew for each event, so that a reload counts at once. */
	brokers(): Brokers;
	/** The ingress's own address, without a slash at the end. */
	url(): string;
	client: Dispatcher;
	log: Log;
}

/** Knative's cmd/broker/ingress: how often an event may come back as its own reply. */
const defaultTtl = 255;
/** attributes.go, KnativeErrorDataExtensionMaxLength: characters of base64. */
const errorDataLength = 1024;

/**
 * Takes an event to every trigger of a broker that wants it, and to whatever they reply, and tells the ingress's answer:
 * 202 once all of it has been delivered or dead-lettered, 500 if something was lost, 400 or 404 if nothing was tried.
 *
 * It ends when the last delivery has, as with the default broker, whose channel answers only then. When `signal` is aborted,
 * so are the deliveries, without a dead letter: the real one drops them too when the publisher hangs up.
 *
 * @param headers of the request the event came in, or of the answer if it is a reply
 * @throws the signal's reason
 */
export async function publish(
	broker: string,
	event: Event,
	headers: Headers,
	route: Route,
	signal: AbortSignal,
): Promise<202 | 400 | 404 | 500> {
	const { log } = route;
	const about = { broker, event: summary(event) };
	try {
		check(event);
	} catch (error) {
		if (!(error instanceof InvalidEvent)) throw error;
		log({ severity: 'WARNING', message: 'refused what is no valid CloudEvent', ...about, error: error.message });
		return 400;
	}
	const triggers = route.brokers().get(broker);
	if (triggers === undefined) {
		log({ severity: 'WARNING', message: 'refused an event for a broker that is not there', ...about });
		return 404;
	}
	const ttl = remaining(event.attributes.get('knativebrokerttl'));
	if (ttl <= 0) {
		log({ severity: 'WARNING', message: 'refused an event that came round as a reply too often', ...about });
		return 400;
	}
	const accepted = withAttributes(event, {
		knativearrivaltime: new Date().toISOString(),
		knativebrokerttl: String(ttl),
	});
	const delivered = await Promise.all(
		triggers.map((trigger) => new Publication(broker, trigger, accepted, headers, route, signal).deliver()),
	);
	return delivered.every(Boolean) ? 202 : 500;
}

const summary = ({ attributes }: Event) => ({
	id: attributes.get('id'),
	source: attributes.get('source'),
	type: attributes.get('type'),
});

/** The TTL that an event goes on with: one less than it came with, or the default if it came without a number. */
function remaining(given: string | undefined): number {
	const number = given === undefined || given === '' ? Number.NaN : Number(given);
	return Math.abs(number) < 2 ** 31 ? Math.max(0, Math.trunc(number) - 1) : defaultTtl;
}

/** One event on its way to one trigger's subscriber. */
class Publication {
	readonly #broker: string;
	readonly #trigger: Trigger;
	readonly #event: Event;
	readonly #headers: Headers;
	readonly #route: Route;
	readonly #signal: AbortSignal;

	constructor(broker: string, trigger: Trigger, event: Event, headers: Headers, route: Route, signal: AbortSignal) {
		this.#broker = broker;
		this.#trigger = trigger;
		this.#event = event;
		this.#headers = headers;
		this.#route = route;
		this.#signal = signal;
	}

	/** Whether the event was not wanted, or was delivered together with its reply, or dead-lettered. */
	async deliver(): Promise<boolean> {
		const { wants, subscriber, delivery } = this.#trigger;
		const event = withAttributes(this.#event, { knativebrokerttl: undefined });
		if (!wants(event)) return true;
		const headers = { ...this.#passedOn(this.#headers), prefer: 'reply' };
		const { client } = this.#route;
		const post = { client, url: subscriber, headers, timeout: delivery.timeout, signal: this.#signal };
		const outcome = await this.#persist('delivery failed', subscriber, () => attempt(event, post));
		if (isFailure(outcome)) return this.#deadLetter(outcome, this.#headers);
		return outcome.reply === undefined || this.#reply(outcome.reply.event, outcome.reply.headers);
	}

	/** A reply is published to the same broker with the TTL of the event it answers, and tried again like a delivery. */
	async #reply(reply: Event, answered: Headers): Promise<boolean> {
		const event = withAttributes(reply, { knativebrokerttl: this.#event.attributes.get('knativebrokerttl') });
		const url = `${this.#route.url()}/${this.#broker}`;
		const headers = { ...this.#trace(), ...passThrough(answered) };
		const outcome = await this.#persist('publishing the reply failed', url, async (): Promise<Outcome> => {
			const code = await publish(this.#broker, event, headers, this.#route, this.#signal);
			if (code === 202) return {};
			const info: ErrorInfo = { destination: url, code, body: Buffer.alloc(0) };
			return { status: code, reason: `answered ${code}`, retryable: isRetryable(code), info };
		});
		return !isFailure(outcome) || this.#deadLetter(outcome, answered);
	}

	/** The dead letter sink is sent the event as the channel has it, TTL included, under the same retries. */
	async #deadLetter({ reason, info }: Failure, passedFrom: Headers): Promise<boolean> {
		const { deadLetterSink: url, timeout } = this.#trigger.delivery;
		const about = this.#about();
		if (url === undefined) {
			const message = 'event lost: its delivery failed for good, and there is no dead letter sink';
			this.#route.log({ severity: 'ERROR', message, ...about, error: reason });
			return false;
		}
		const event = info === undefined ? this.#event : withAttributes(this.#event, errorAttributes(this.#event, info));
		const { client } = this.#route;
		const post = { client, url, headers: this.#passedOn(passedFrom), timeout, signal: this.#signal };
		const outcome = await this.#persist('dead letter failed', url, () => attemptOneWay(event, post));
		const lost = isFailure(outcome);
		const message = lost
			? 'event lost: neither its subscriber nor its dead letter sink took it'
			: 'event dead-lettered';
		this.#route.log({ severity: 'ERROR', message, ...about, deadLetterSink: url, error: reason });
		return !lost;
	}

	#persist(message: string, destination: string, once: () => Promise<Outcome>): Promise<Outcome> {
		const { retry, backoff } = this.#trigger.delivery;
		return persist(once, {
			retry,
			backoff,
			signal: this.#signal,
			onFailure: ({ status, reason }, attempt, retryInMs) => {
				const attempts = retry + 1;
				const what = { ...this.#about(), destination, attempt, attempts, status, error: reason, retryInMs };
				this.#route.log({ severity: 'WARNING', message, ...what });
			},
		});
	}

	#about() {
		const { namespace, name } = this.#trigger;
		return { broker: this.#broker, trigger: `${namespace}/${name}`, event: summary(this.#event) };
	}

	#passedOn(headers: Headers): Record<string, string> {
		return { ...this.#trace(), ...passThrough(headers), 'kn-namespace': this.#trigger.namespace };
	}

	/** The trace context (W3C Trace Context) of the request that the event came in, which replies and dead letters stay in. */
	#trace(): Record<string, string> {
		return pick(this.#headers, (name) => name === 'traceparent' || name === 'tracestate');
	}
}

/** Headers that Knative hands on beside the event's own (utils/headers.go, PassThroughHeaders). */
const passThrough = (headers: Headers): Record<string, string> =>
	pick(headers, (name) => name === 'x-request-id' || name === 'retry-after' || /^(?:knative|x-b3)-/.test(name));

function pick(headers: Headers, wanted: (name: string) => boolean): Record<string, string> {
	const names = Object.keys(headers).filter(wanted);
	return Object.fromEntries(names.map((name) => [name, header(headers, name) ?? '']));
}

/** What a dead letter says of its failure; what the event says already stays, as in a dead letter that is sent again. */
function errorAttributes({ attributes }: Event, { destination, code, body }: ErrorInfo): Record<string, string> {
	const own = {
		knativeerrordest: destination,
		knativeerrorcode: String(code),
		knativeerrordata: body.toString('base64').slice(0, errorDataLength),
	};
	return Object.fromEntries(Object.entries(own).map(([name, value]) => [name, attributes.get(name) || value]));
}
