import type { Dispatcher } from 'undici';
import type { Places } from '../../../kit/net/places.ts';
import { InvalidEvent } from '../event/attributes.ts';
import { check, type Event, type Headers, withAttributes } from '../event/event.ts';
import type { Log } from '../log.ts';
import type { Brokers, Trigger } from '../manifest/manifest.ts';
import type { Refusals } from '../refusals.ts';
import {
	attempt,
	attemptOneWay,
	type ErrorInfo,
	errorAttributes,
	type Failure,
	isFailure,
	isRetryable,
	type Outcome,
} from './attempt.ts';
import { passThrough, traceOf } from './forwarded.ts';
import { persist } from './persist.ts';

/** The parts of the broker that a publication uses. */
export interface Route {
	/** Called for each event, so that a reload takes effect immediately. */
	brokers(): Brokers;
	/** The ingress's own address, without a trailing slash. */
	url(): string;
	client: Dispatcher;
	/** Bounds each trigger's deliveries in progress. */
	deliveries: Places;
	refusals: Refusals;
	log: Log;
}

/** What a publication shares with the replies to it, and the replies to those. */
export interface Chain {
	readonly route: Route;
	/** Aborts the deliveries without a dead letter: Knative drops them too when the publisher disconnects. */
	readonly signal: AbortSignal;
	/** How many replies have been published. */
	replies: number;
}

/** How a publication ended. */
interface Published {
	/**
	 * The ingress's status: 202 if everything was delivered or dead-lettered, 500 if something was lost, 400 or 404 if the
	 * event was rejected, 503 if a trigger has too many deliveries in progress.
	 */
	readonly status: 202 | 400 | 404 | 500 | 503;
	/** Whether a reply to the event, or to a reply, was lost because a loop of replies ended. */
	readonly looped: boolean;
}

/** Default TTL (Knative's cmd/broker/ingress): how many times an event can come back as a reply. */
const defaultTtl = 255;
/** The most replies to one event, and to its replies. With two triggers that reply, a TTL of 255 allows 2 ** 255. */
const mostReplies = 500;

/**
 * Delivers an event and all replies to it to every matching trigger of a broker.
 *
 * It resolves when the last delivery has ended, because the channel of Knative's default broker responds only then.
 * @param headers of the request that carried the event, or of the response if it is a reply
 * @throws the signal's reason
 */
export async function publish(broker: string, event: Event, headers: Headers, chain: Chain): Promise<Published> {
	const { log, brokers, deliveries, refusals } = chain.route;
	const about = { broker, event: summary(event) };
	const reject = (status: 400 | 404, message: string, details = {}): Published => {
		log({ severity: 'WARNING', message, ...about, ...details });
		return { status, looped: false };
	};
	try {
		check(event);
	} catch (error) {
		if (!(error instanceof InvalidEvent)) throw error;
		return reject(400, 'rejected an invalid CloudEvent', { error: error.message });
	}
	const triggers = brokers().get(broker);
	if (triggers === undefined) return reject(404, 'rejected an event for an unknown broker');
	const ttl = remaining(event.attributes.get('knativebrokerttl'));
	if (ttl <= 0) return { ...reject(400, 'rejected an event whose TTL has expired'), looped: true };
	const arrived = { knativearrivaltime: new Date().toISOString(), knativebrokerttl: undefined };
	const delivered = withAttributes(event, arrived);
	const places: (() => void)[] = [];
	try {
		const wanting = triggers.filter(({ wants }) => wants(delivered));
		for (const { namespace, name } of wanting) {
			const trigger = `${namespace}/${name}`;
			const free = deliveries.take(trigger);
			if (!free) {
				refusals.add('a trigger has too many deliveries in progress', { broker, trigger });
				return { status: 503, looped: false };
			}
			places.push(free);
		}
		const ends = await Promise.all(
			wanting.map((trigger) => new Publication(broker, trigger, delivered, ttl, headers, chain).deliver()),
		);
		return { status: ends.every((end) => end === 'delivered') ? 202 : 500, looped: ends.includes('looped') };
	} finally {
		for (const free of places) free();
	}
}

const summary = ({ attributes }: Event) => ({
	id: attributes.get('id'),
	source: attributes.get('source'),
	type: attributes.get('type'),
});

/** Returns the event's next TTL: one less than it arrived with, or the default if it arrived without a number. */
function remaining(given = ''): number {
	// The numbers that Go's strconv.ParseFloat reads: no hexadecimal ones, as JavaScript would.
	const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(given) ? Number(given) : Number.NaN;
	return Math.abs(number) < 2 ** 31 ? Math.max(0, Math.trunc(number) - 1) : defaultTtl;
}

/** How a delivery ended. A delivery that was dead-lettered counts as delivered. */
type End = 'delivered' | 'lost' | 'looped';

/** One event's delivery to one trigger's subscriber. */
class Publication {
	readonly #broker: string;
	readonly #trigger: Trigger;
	readonly #event: Event;
	readonly #ttl: number;
	readonly #headers: Headers;
	readonly #chain: Chain;
	readonly #route: Route;

	constructor(broker: string, trigger: Trigger, event: Event, ttl: number, headers: Headers, chain: Chain) {
		this.#broker = broker;
		this.#trigger = trigger;
		this.#event = event;
		this.#ttl = ttl;
		this.#headers = headers;
		this.#chain = chain;
		this.#route = chain.route;
	}

	/** Delivers the event, and then its reply. */
	async deliver(): Promise<End> {
		const { subscriber: to, delivery } = this.#trigger;
		const headers = { ...this.#passedOn(this.#headers), prefer: 'reply' };
		const post = { client: this.#route.client, to, headers, timeout: delivery.timeout, signal: this.#chain.signal };
		const outcome = await this.#persist('delivery failed', to.shown, () => attempt(this.#event, post));
		if (isFailure(outcome)) return this.#deadLetter(outcome, this.#headers);
		return outcome.reply === undefined ? 'delivered' : this.#reply(outcome.reply.event, outcome.reply.headers);
	}

	/**
	 * Publishes a reply to the same broker with the TTL of the event it answers, and retries like a delivery.
	 *
	 * Where a loop of replies has ended, each of its publications would be retried, so that a loop of n would make
	 * (retry + 1) ** n deliveries. Knative's broker makes them. This one retries none of the loop's publications.
	 */
	async #reply(reply: Event, answered: Headers): Promise<End> {
		const event = withAttributes(reply, { knativebrokerttl: String(this.#ttl) });
		const destination = `${this.#route.url()}/${this.#broker}`;
		const headers = { ...traceOf(this.#headers), ...passThrough(answered) };
		let looped = false;
		const outcome = await this.#persist('publishing the reply failed', destination, async (): Promise<Outcome> => {
			const published = await this.#publishReply(event, headers);
			looped = published.looped;
			if (published.status === 202) return {};
			const info: ErrorInfo = { destination, code: published.status, body: Buffer.alloc(0) };
			const retryable = !looped && isRetryable(published.status);
			return { status: published.status, reason: `answered ${published.status}`, retryable, info };
		});
		if (!isFailure(outcome)) return 'delivered';
		const end = await this.#deadLetter(outcome, answered);
		return end === 'lost' && looped ? 'looped' : end;
	}

	async #publishReply(event: Event, headers: Headers): Promise<Published> {
		if (this.#chain.replies < mostReplies) {
			this.#chain.replies += 1;
			return publish(this.#broker, event, headers, this.#chain);
		}
		const message = `rejected a reply: an event and its replies have more than ${mostReplies} replies`;
		this.#route.log({ severity: 'ERROR', message, ...this.#about() });
		return { status: 400, looped: true };
	}

	/** Sends the event to the dead letter sink as the channel holds it, TTL included, with the same retries. */
	async #deadLetter({ reason, info }: Failure, passedFrom: Headers): Promise<End> {
		const { deadLetterSink: to, timeout } = this.#trigger.delivery;
		const about = this.#about();
		if (to === undefined) {
			const message = 'event lost: its delivery failed permanently and the trigger has no dead letter sink';
			this.#route.log({ severity: 'ERROR', message, ...about, error: reason });
			return 'lost';
		}
		const error = info === undefined ? {} : errorAttributes(this.#event, info);
		const event = withAttributes(this.#event, { ...error, knativebrokerttl: String(this.#ttl) });
		const headers = this.#passedOn(passedFrom);
		const post = { client: this.#route.client, to, headers, timeout, signal: this.#chain.signal };
		const outcome = await this.#persist('dead letter failed', to.shown, () => attemptOneWay(event, post));
		const lost = isFailure(outcome);
		const message = lost ? 'event lost: its subscriber and its dead letter sink both failed' : 'event dead-lettered';
		this.#route.log({ severity: 'ERROR', message, ...about, deadLetterSink: to.shown, error: reason });
		return lost ? 'lost' : 'delivered';
	}

	#persist(message: string, destination: string, once: () => Promise<Outcome>): Promise<Outcome> {
		const { retry, backoff } = this.#trigger.delivery;
		return persist(once, {
			retry,
			backoff,
			signal: this.#chain.signal,
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
		return { ...traceOf(this.#headers), ...passThrough(headers), 'kn-namespace': this.#trigger.namespace };
	}
}
