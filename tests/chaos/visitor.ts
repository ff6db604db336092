import { Agent, request } from 'undici';
import { breachOf, operationOf } from './contract.ts';
import type { Exchange, History } from './history.ts';

/** How a run reaches the shop. */
export interface Reach {
	readonly url: string;
	/** The Host header of the gateway. */
	readonly host: string;
	/** Whether an ingress and queue-proxies can answer in the place of a function, as on a cluster. */
	readonly platform: boolean;
}

export interface Sent {
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
	/** The statuses that are right for this request; by default only a success is. 5xx is judged by the faults instead. */
	readonly right?: readonly number[];
	/** Checks the answer of a success. Returns what is wrong with it. */
	readonly check?: (answer: unknown) => string | undefined;
}

/** Seconds without a byte after which a request counts as unanswered: longer than `Prefer: wait=30`. */
const patience = 60_000;
/** Answers with more characters are checked, but not stored. */
const stored = 4_000;
const decisive = ['idempotency-key', 'if-match', 'prefer'];
const json = /^application\/([\w.-]+\+)?json$/;

/** A client's connection to the shop, which records each request with its answer. */
export class Visitor {
	readonly name: string;
	readonly #reach: Reach;
	readonly #history: History;
	/** Idle connections end before a server ends them, so that no request meets one that is closing. */
	readonly #agent = new Agent({ keepAliveTimeout: 1_000, keepAliveMaxTimeout: 1_000, headersTimeout: patience });
	/** Sent with each request: of a session, if there is one. */
	authorization: string | undefined;

	constructor(name: string, reach: Reach, history: History) {
		this.name = name;
		this.#reach = reach;
		this.#history = history;
	}

	/** Prepares for requests of a long session. @returns whether they can be sent */
	authorize(): Promise<boolean> {
		return Promise.resolve(true);
	}

	/** Sends a request and records it. Never throws: no answer is an outcome too. */
	ask(method: string, path: string, sent: Sent = {}): Promise<Answered> {
		return this.#record(method, path, sent, async () => {
			const answer = await this.#send(method, path, sent);
			const text = await answer.body.text();
			const mediaType = String(answer.headers['content-type'] ?? '').split(';')[0] ?? '';
			const body: unknown = json.test(mediaType) ? JSON.parse(text) : text;
			const { statusCode: status } = answer;
			const retryAfter = answer.headers['retry-after']?.toString();
			const etag = answer.headers['etag']?.toString();
			const breach =
				breachOf(operationOf(method, path), { status, mediaType, retryAfter, body }, this.#reach.platform) ??
				wrong(status, body, sent);
			return {
				status,
				...(etag === undefined ? {} : { etag }),
				...(text.length <= stored ? { answer: body } : {}),
				...(breach === undefined ? {} : { breach }),
				cookie: answer.headers['set-cookie']?.toString(),
				whole: body,
				next: /<([^>]+)>; rel="next"/.exec(String(answer.headers['link'] ?? ''))?.[1],
			};
		});
	}

	/** Follows an event stream until it ends or `stop` is aborted, and records its messages as the answer. */
	follow(path: string, stop: AbortSignal, sent: Sent = {}): Promise<Exchange> {
		return this.#record('GET', path, sent, async () => {
			const headers = { ...sent.headers, accept: 'text/event-stream' };
			const answer = await this.#send('GET', path, { ...sent, headers }, stop);
			const { statusCode: status } = answer;
			const messages: unknown[] = [];
			try {
				let rest = '';
				for await (const chunk of answer.body.setEncoding('utf8') as AsyncIterable<string>) {
					const events = (rest + chunk).split('\n\n');
					rest = events.pop() ?? '';
					for (const event of events) {
						const data = /^data: (.*)$/m.exec(event)?.[1];
						if (data !== undefined && messages.length < 100) messages.push(JSON.parse(data));
					}
				}
				return { status, answer: messages };
			} catch (error) {
				return { status, answer: messages, error: stop.aborted ? 'left' : messageOf(error) };
			}
		});
	}

	/** Returns all rows of a list. @throws {Error} when a page is not answered with 200 */
	async list<Row>(path: string): Promise<Row[]> {
		const rows: Row[] = [];
		for (let next: string | undefined = path; next; ) {
			const page: Answered = await this.ask('GET', next);
			if (page.status !== 200) throw new Error(`GET ${next} answered ${page.status ?? page.error}`);
			rows.push(...(page.whole as Row[]));
			next = page.next;
		}
		return rows;
	}

	close(): Promise<void> {
		return this.#agent.destroy();
	}

	async #send(method: string, path: string, { body, headers = {} }: Sent, signal?: AbortSignal) {
		return await request(`${this.#reach.url}${path}`, {
			dispatcher: this.#agent,
			method: method as 'GET',
			bodyTimeout: patience,
			...(signal ? { signal } : {}),
			headers: {
				host: this.#reach.host,
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
				...(this.authorization === undefined ? {} : { authorization: this.authorization }),
				...headers,
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
	}

	async #record(
		method: string,
		path: string,
		{ body, headers = {} }: Sent,
		exchange: () => Promise<Partial<Answered>>,
	): Promise<Answered> {
		const { fn, name } = operationOf(method, path);
		const sent = this.#history.now();
		const answer = await exchange().catch((error: unknown) => ({ error: messageOf(error) }));
		const { whole, next, cookie, ...recorded } = answer as Partial<Answered>;
		const entry: Exchange = {
			client: this.name,
			fn,
			operation: name,
			method,
			path,
			...(body === undefined ? {} : { body }),
			headers: Object.fromEntries(Object.entries(headers).filter(([key]) => decisive.includes(key))),
			sent,
			ended: this.#history.now(),
			...recorded,
		};
		this.#history.exchanges.push(entry);
		return { ...entry, whole, next, cookie };
	}
}

/** A recorded exchange, with the parts that the history does not store. */
export interface Answered extends Exchange {
	readonly whole?: unknown;
	/** The path of a list's next page. */
	readonly next?: string | undefined;
	readonly cookie?: string | undefined;
}

function wrong(status: number, body: unknown, { right, check }: Sent): string | undefined {
	if (status >= 500) return undefined;
	if (right ? !right.includes(status) : status >= 400)
		return `found ${status} ${JSON.stringify(body).slice(0, 200)}, expected ${right?.join(' or ') ?? 'a success'}`;
	return status < 300 ? check?.(body) : undefined;
}

const messageOf = (error: unknown): string =>
	error instanceof Error
		? [error.message, (error as NodeJS.ErrnoException).code].filter(Boolean).join(' ')
		: String(error);
