import type { Dispatcher } from 'undici';
import { InvalidEvent } from '../event/attributes.ts';
import { check, type Event, type Headers, header, withAttributes } from '../event/event.ts';
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

/** The parts of the broker that a publication uses. */
export interface Route {
	/** Called for each event, so that a reload takes effect immediately. */
	brokers(): Brokers;
	/** The ingress's own address, without a trailing slash. */
	url(): string;
	client: Dispatcher;
	log: Log;
}

/** Default TTL (Knative's cmd/broker/ingress): how many times an event can come back as a reply. */
const defaultTtl = 255;
/** Maximum length of the error data in base64 characters (attributes.go, KnativeErrorDataExtensionMaxLength). */
const errorDataLength = 1024;

/**
 * Delivers an event and all replies to it to every matching trigger of a broker. Returns the ingress's status: 202 if
 * everything was delivered or dead-lettered, 500 if something was lost, 400 or 404 if the event was rejected.
 *
 * It resolves when the last delivery has ended, because the channel of Knative's default broker responds only then.
 * Aborting `signal` aborts the deliveries without a dead letter: Knative drops them too when the publisher disconnects.
 * @param headers of the request that carried the event, or of the response if it is a reply
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
		log({ severity: 'WARNING', message: 'rejected an invalid CloudEvent', ...about, error: error.message });
		return 400;
	}
	const triggers = route.brokers().get(broker);
	if (triggers === undefined) {
		log({ severity: 'WARNING', message: 'rejected an event for an unknown broker', ...about });
		return 404;
	}
	const ttl = remaining(event.attributes.get('knativebrokerttl'));
	if (ttl <= 0) {
		log({ severity: 'WARNING', message: 'rejected an event whose TTL has expired', ...about });
		return 400;
	}
	const arrived = { knativearrivaltime: new Date().toISOString(), knativebrokerttl: String(ttl) };
	const accepted = withAttributes(event, arrived);
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

/** Returns the event's next TTL: one less than it arrived with, or the default if it arrived without a number. */
function remaining(given: string | undefined): number {
	const number = given === undefined || given === '' ? Number.NaN : Number(given);
	return Math.abs(number) < 2 ** 31 ? Math.max(0, Math.trunc(number) - 1) : defaultTtl;
}

/** One event's delivery to one trigger's subscriber. */
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

	/** Returns true if the event was filtered out, was delivered together with its reply, or was dead-lettered. */
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

	/** Publishes a reply to the same broker with the TTL of the event it answers, and retries like a delivery. */
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

	/** Sends the event to the dead letter sink as the channel holds it, TTL included, with the same retries. */
	async #deadLetter({ reason, info }: Failure, passedFrom: Headers): Promise<boolean> {
		const { deadLetterSink: url, timeout } = this.#trigger.delivery;
		const about = this.#about();
		if (url === undefined) {
			const message = 'event lost: its delivery failed permanently and the trigger has no dead letter sink';
			this.#route.log({ severity: 'ERROR', message, ...about, error: reason });
			return false;
		}
		const event = info === undefined ? this.#event : withAttributes(this.#event, errorAttributes(this.#event, info));
		const { client } = this.#route;
		const post = { client, url, headers: this.#passedOn(passedFrom), timeout, signal: this.#signal };
		const outcome = await this.#persist('dead letter failed', url, () => attemptOneWay(event, post));
		const lost = isFailure(outcome);
		const message = lost ? 'event lost: its subscriber and its dead letter sink both failed' : 'event dead-lettered';
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

	/** Returns the W3C Trace Context headers of the event's request. Replies and dead letters keep this trace. */
	#trace(): Record<string, string> {
		return pick(this.#headers, (name) => name === 'traceparent' || name === 'tracestate');
	}
}

/** Returns the headers that Knative forwards in addition to the event's own (utils/headers.go, PassThroughHeaders). */
const passThrough = (headers: Headers): Record<string, string> =>
	pick(headers, (name) => name === 'x-request-id' || name === 'retry-after' || /^(?:knative|x-b3)-/.test(name));

function pick(headers: Headers, wanted: (name: string) => boolean): Record<string, string> {
	const names = Object.keys(headers).filter(wanted);
	return Object.fromEntries(names.map((name) => [name, header(headers, name) ?? '']));
}

/** Attributes that the event already has stay, for example when a dead letter is published again. */
function errorAttributes({ attributes }: Event, { destination, code, body }: ErrorInfo): Record<string, string> {
	const own = {
		knativeerrordest: destination,
		knativeerrorcode: String(code),
		knativeerrordata: body.toString('base64').slice(0, errorDataLength),
	};
	return Object.fromEntries(Object.entries(own).map(([name, value]) => [name, attributes.get(name) || value]));
}
