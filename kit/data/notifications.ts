import { createHmac } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';
import { messageOf } from '../http/problem.ts';
import { log } from '../trace/log.ts';
import type { Queryable } from './database.ts';

/** The shortest time from one look of a wait to its next, in milliseconds, so that a flood of notifications costs little. */
const pause = 100;

/**
 * Returns the channel of a function's notifications. Postgres lets every role listen to and notify every channel, so the
 * name derives from the function's own password: no other function can guess it.
 */
export const channelOf = (url: string): string =>
	createHmac('sha256', decodeURIComponent(new URL(url).password))
		.update('notifications')
		.digest('hex')
		.slice(0, 32);

/**
 * Waits for the notifications of the function's own instances. A notification is only a hint to look again. All waits share
 * one connection, which the first of them opens.
 */
export class Notifications {
	readonly #url: string;
	readonly #name: string;
	/** The function's channel, which no other function knows. */
	readonly channel: string;
	readonly #waiting = new Map<string, Set<() => void>>();
	#client: Promise<pg.Client> | undefined;

	constructor(url: string, name: string) {
		this.#url = url;
		this.channel = channelOf(url);
		this.#name = name;
	}

	/** Wakes the waits for `payload` in all instances of the function, when the transaction commits. */
	async notify(tx: Queryable, payload: string): Promise<void> {
		await tx.query('select pg_notify($1, $2)', [this.channel, payload]);
	}

	/**
	 * Calls `look` immediately, after the first notification with `payload`, and then at most ten times a second. Resolves when `look`
	 * returns true, after `milliseconds`, or when `signal` is aborted. Listening starts before the first call, to miss nothing.
	 */
	async until(
		payload: string,
		milliseconds: number,
		look: () => Promise<boolean>,
		signal?: AbortSignal,
	): Promise<void> {
		const end = Date.now() + milliseconds;
		let wake = (): void => {};
		const bell = (): void => wake();
		const waiting = this.#waiting.get(payload) ?? new Set();
		this.#waiting.set(payload, waiting.add(bell));
		signal?.addEventListener('abort', bell);
		try {
			for (let looks = 1; ; looks += 1) {
				await this.#connected();
				const rung = new Promise<void>((resolve) => {
					wake = resolve;
				});
				const lookedAt = performance.now();
				if (await look()) return;
				const left = end - Date.now();
				if (left <= 0 || signal?.aborted) return;
				const timer = setTimeout(wake, left);
				await rung;
				clearTimeout(timer);
				const early = Math.min(pause, left) - (performance.now() - lookedAt);
				if (looks > 1 && early > 0) await after(early, undefined, signal ? { signal } : {}).catch(() => {});
			}
		} finally {
			signal?.removeEventListener('abort', bell);
			waiting.delete(bell);
			if (!waiting.size) this.#waiting.delete(payload);
		}
	}

	async #connected(): Promise<void> {
		this.#client ??= this.#connect();
		await this.#client;
	}

	async #connect(): Promise<pg.Client> {
		const client = new pg.Client({ connectionString: this.#url, application_name: `${this.#name} listening` });
		const lost = (error: Error): void => {
			this.#client = undefined;
			log.warn('the listening connection was lost', { error: messageOf(error) });
			// Every wait calls `look` again and, if it continues, listens on a new connection.
			for (const bells of this.#waiting.values()) for (const ring of bells) ring();
		};
		// Both the server and the socket report a loss. At the second report there can already be a new connection.
		client.once('error', lost).on('error', () => {});
		client.on('notification', ({ payload = '' }) => {
			for (const ring of this.#waiting.get(payload) ?? []) ring();
		});
		try {
			await client.connect();
			await client.query(`listen ${pg.escapeIdentifier(this.channel)}`);
		} catch (error) {
			this.#client = undefined;
			await client.end().catch(() => {});
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
