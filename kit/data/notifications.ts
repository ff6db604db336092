import pg from 'pg';
import { messageOf } from '../http/problem.ts';
import { log } from '../trace/log.ts';

/** Waits for Postgres notifications. All waits share one connection, which the first of them opens. */
export class Notifications {
	readonly #url: string;
	readonly #name: string;
	readonly #waiting = new Map<string, Set<() => void>>();
	#client: Promise<pg.Client> | undefined;
	/** The channels that the connection listens to, each with the `listen` that is pending or done. */
	readonly #listening = new Map<string, Promise<unknown>>();

	constructor(url: string, name: string) {
		this.#url = url;
		this.#name = name;
	}

	/**
	 * Calls `look` immediately and after each notification on `channel` with `payload`. Resolves when `look` returns
	 * true, after `milliseconds`, or when `signal` is aborted. Listening starts before the first call, to miss nothing.
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
			// Every wait calls `look` again and, if it continues, listens on a new connection.
			for (const bells of this.#waiting.values()) for (const ring of bells) ring();
		};
		// Both the server and the socket report a loss. At the second report there can already be a new connection.
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
