import { setTimeout as after } from 'node:timers/promises';
import { timing } from '../../../kit/net/timing.ts';
import { Refusal } from './refusal.ts';
import { queryOf, type Signer, signedHeaders } from './signature.ts';

export interface S3Settings extends Signer {
	readonly endpoint: URL;
	/** The pause before the second attempt, in milliseconds. It doubles before each further one. */
	readonly pause?: number;
}

interface Sent {
	readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
	/** The bucket and the key; `/` separates the parts of a key. Only unreserved characters. */
	readonly path: string;
	readonly query?: Readonly<Record<string, string>>;
	readonly body?: string | Uint8Array<ArrayBuffer>;
	readonly attempts?: number;
}

/** The limits of a request, in milliseconds. A part of 8 MiB needs 70 kB/s. */
const limits = { request: 120_000, silence: 60_000 } as const;

/** A client of an S3-compatible store, in path style, because most such stores have no host for each bucket. */
export class S3Client {
	readonly #settings: S3Settings;

	constructor(settings: S3Settings) {
		this.#settings = settings;
	}

	/**
	 * Sends a request, at most four times while the store fails for the moment or does not answer. Reads the whole answer.
	 * @param what for messages: the place that the request is about
	 * @throws {Error} with the next step when the store refuses it or does not answer
	 */
	async ask(what: string, sent: Sent): Promise<{ readonly headers: Headers; readonly text: string }> {
		return await this.#repeat(what, sent.attempts ?? 4, async () => {
			const response = await this.#fetch(sent, AbortSignal.timeout(limits.request));
			const text = await response.text();
			// A completed upload can be answered with 200 before it fails ("CompleteMultipartUpload").
			if (!response.ok || /<Error>/.test(text)) throw new Refusal(what, response, text);
			return { headers: response.headers, text };
		});
	}

	/** Returns the content of an object, as it arrives. @throws {Error} as `ask` does, also while it is read */
	async read(what: string, path: string): Promise<AsyncIterable<Uint8Array>> {
		return await this.#repeat(what, 4, async () => {
			const silence = new Silence();
			const response = await this.#fetch({ method: 'GET', path }, silence.signal);
			if (response.ok && response.body) return silence.during(response.body);
			throw new Refusal(what, response, await response.text());
		});
	}

	async #repeat<Answer>(what: string, attempts: number, attempt: () => Promise<Answer>): Promise<Answer> {
		for (let left = attempts - 1, pause = this.#settings.pause ?? 500; ; left -= 1, pause *= 2) {
			try {
				return await attempt();
			} catch (error) {
				if (error instanceof Refusal && !error.isPassing) throw error;
				if (left === 0) throw error instanceof Refusal ? error : this.#unreachable(what, error);
			}
			await after(pause);
		}
	}

	#fetch({ method, path, query = {}, body = '' }: Sent, signal: AbortSignal): Promise<Response> {
		const { endpoint } = this.#settings;
		const target = { path: `${endpoint.pathname.replace(/\/$/, '')}/${path}`, query: queryOf(query) };
		const headers = signedHeaders({ method, host: endpoint.host, ...target, body }, this.#settings, new Date());
		const url = `${endpoint.origin}${target.path}${target.query && `?${target.query}`}`;
		// A redirect leads to another region, for which the signature is not valid.
		return fetch(url, { method, headers, signal, redirect: 'manual', ...(body ? { body } : {}) });
	}

	#unreachable(what: string, error: unknown): Error {
		const { cause = error } = error as { cause?: unknown };
		const { code, message } = cause as { code?: string; message?: string };
		const { origin } = this.#settings.endpoint;
		return new Error(
			`${what}: ${origin} does not answer: ${message || code}. Check AWS_ENDPOINT_URL, and that this network leads there.`,
			{ cause: error },
		);
	}
}

/** Ends an answer when no bytes of it arrive for a minute. The time in which its reader pauses does not count. */
class Silence {
	readonly #controller = new AbortController();
	#timer = this.#start(timing.connect + limits.silence);

	get signal(): AbortSignal {
		return this.#controller.signal;
	}

	#start(limit: number): NodeJS.Timeout {
		return setTimeout(() => this.#controller.abort(new Error(`no bytes for ${limit / 1000} s`)), limit).unref();
	}

	async *during(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
		try {
			for await (const chunk of body) {
				clearTimeout(this.#timer);
				yield chunk;
				this.#timer = this.#start(limits.silence);
			}
		} finally {
			clearTimeout(this.#timer);
		}
	}
}
