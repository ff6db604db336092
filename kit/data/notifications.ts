import pg from 'pg';
import { messageOf } from '../http/problem.ts';
import { log } from '../trace/log.ts';

/** Waits for Postgres notifications, on one connection for all who wait, opened with the first and kept while any do. */
export class Notifications {
	readonly #url: string;
	readonly #name: string;
	readonly #waiting = new Map<string, Set<() => void>>();
	#client: Promise<pg.Client> | undefined;
	/** The channels that the connection listens to, or is about to. */
	readonly #listening = new Map<string, Promise<unknown>>();

	constructor(url: string, name: string) {
		this.#url = url;
		this.#name = name;
	}

	/**
	 * Calls `look` now and after each notification of `channel` that carries `payload`, until it answers true or
	 * `milliseconds` are over, or `signal` is aborted. Listening starts before the first look, so nothing falls between the two.
	 */
	async until(
		channel: string,
		payload: string,
		milliseconds: number,
		look: () => Promise<boolean>,
		signal?: AbortSignal,
	): Promise<void> {
		const end = Date.now() + milliseconds;
		const key = `${channel}:${payload}`;
		let wake = (): void => {};
		const bell = (): void => wake();
		const waiting = this.#waiting.get(key) ?? new Set();
		this.#waiting.set(key, waiting.add(bell));
		signal?.addEventListener('abort', bell);
		try {
			for (;;) {
				await this.#listen(channel);
				const rung = new Promise<void>((resolve) => {
					wake = resolve;
				});
				if (await look()) return;
				const left = end - Date.now();
				if (left <= 0 || signal?.aborted) return;
				const timer = setTimeout(wake, left);
				await rung;
				clearTimeout(timer);
			}
		} finally {
			signal?.removeEventListener('abort', bell);
			waiting.delete(bell);
			if (!waiting.size) this.#waiting.delete(key);
		}
	}

	async #listen(channel: string): Promise<void> {
		this.#client ??= this.#connect();
		const client = await this.#client;
		const listening = this.#listening.get(channel) ?? client.query(`listen ${pg.escapeIdentifier(channel)}`);
		this.#listening.set(channel, listening);
		await listening;
	}

	async #connect(): Promise<pg.Client> {
		const client = new pg.Client({ connectionString: this.#url, application_name: `${this.#name} listening` });
		const lost = (error: Error): void => {
			this.#client = undefined;
			this.#listening.clear();
			log.warn('the listening connection was lost', { error: messageOf(error) });
			// Whoever waits looks for itself, and listens again on a new connection if it waits on.
			for (const bells of this.#waiting.values()) for (const ring of bells) ring();
		};
		// A loss is told twice, by the server and by the socket; by the second time there may be a new connection.
		client.once('error', lost).on('error', () => {});
		client.on('notification', ({ channel, payload }) => {
			for (const ring of this.#waiting.get(`${channel}:${payload}`) ?? []) ring();
		});
		try {
			await client.connect();
		} catch (error) {
			this.#client = undefined;
			throw error;
		}
		return client;
	}

	async close(): Promise<void> {
		const client = await this.#client?.catch(() => undefined);
		this.#client = undefined;
		await client?.end();
	}
}
