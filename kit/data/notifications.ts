import { createHmac } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';
import { messageOf } from '../http/problem.ts';
import { log } from '../trace/log.ts';
import { closeClient, openClient } from './client.ts';
import type { Queryable } from './database.ts';
import { listen, Pooled } from './pooler/pooler.ts';

/** How often a wait looks while it cannot listen, in milliseconds. */
const poll = 1_000;

/** How often the listening connection is checked, in milliseconds. */
const heartbeat = 5_000;

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
	readonly #stopping: AbortSignal | undefined;
	#channel: string | undefined;
	readonly #waiting = new Map<string, Set<() => void>>();
	#client: Promise<pg.Client> | undefined;
	/** The URL leads to a pooler, which passes no notifications on. */
	#isPooled = false;

	/**
	 * @param url leads to the server itself; through a pooler, each wait polls
	 * @param stopping aborted when the instance stops; then all waits end
	 */
	constructor(url: string, name: string, stopping?: AbortSignal) {
		this.#url = url;
		this.#name = name;
		this.#stopping = stopping;
	}

	/** The function's channel, which no other function knows. */
	get channel(): string {
		this.#channel ??= channelOf(this.#url);
		return this.#channel;
	}

	/**
	 * Wakes the waits for `payload` in all instances of the function, when the transaction commits. Does not wait for the
	 * statement: if it fails, so does the commit.
	 */
	notify(tx: Queryable, payload: string): void {
		tx.query('select pg_notify($1, $2)', [this.channel, payload]).catch(() => {});
	}

	/**
	 * Calls `look` immediately, after the first notification with `payload`, and then at most ten times a second. Resolves when `look`
	 * returns true, after `milliseconds`, or when `signal` is aborted or the instance stops, so that the caller can still
	 * answer what is known. Listening starts before the first call, to miss nothing. While it fails, such as when the server
	 * has no connection left, or there is only a pooler, the wait polls.
	 */
	async until(
		payload: string,
		milliseconds: number,
		look: () => Promise<boolean>,
		leaving?: AbortSignal,
	): Promise<void> {
		const signal = AbortSignal.any([leaving, this.#stopping].filter((each) => each !== undefined));
		const end = performance.now() + milliseconds;
		let wake = (): void => {};
		const bell = (): void => wake();
		const waiting = this.#waiting.get(payload) ?? new Set();
		this.#waiting.set(payload, waiting.add(bell));
		signal.addEventListener('abort', bell);
		try {
			for (let looks = 1; ; looks += 1) {
				const isListening = await this.#listens();
				const rung = new Promise<void>((resolve) => {
					wake = resolve;
				});
				const lookedAt = performance.now();
				if (await look()) return;
				const left = end - performance.now();
				if (left <= 0 || signal.aborted) return;
				const timer = setTimeout(wake, isListening ? left : Math.min(left, poll));
				await rung;
				clearTimeout(timer);
				const early = Math.min(pause, left) - (performance.now() - lookedAt);
				if (looks > 1 && early > 0) await after(early, undefined, { signal }).catch(() => {});
			}
		} finally {
			signal.removeEventListener('abort', bell);
			waiting.delete(bell);
			if (!waiting.size) this.#waiting.delete(payload);
		}
	}

	/** Connects unless there is a connection. Returns whether there is one. */
	async #listens(): Promise<boolean> {
		if (this.#isPooled) return false;
		this.#client ??= this.#connect();
		return this.#client.then(
			() => true,
			() => false,
		);
	}

	async #connect(): Promise<pg.Client> {
		let client: pg.Client | undefined;
		try {
			client = await openClient(this.#url, `${this.#name} listening`);
			client.on('notification', ({ payload = '' }) => {
				for (const ring of this.#waiting.get(payload) ?? []) ring();
			});
			await listen(client, pg.escapeIdentifier(this.channel));
		} catch (error) {
			this.#client = undefined;
			this.#isPooled = error instanceof Pooled;
			const remedy = this.#isPooled ? { remedy: 'set DATABASE_DIRECT_URL, which leads past the pooler' } : {};
			log.warn('cannot listen to the database; polling', { error: messageOf(error), ...remedy });
			if (client) await closeClient(client);
			throw error;
		}
		this.#keep(client);
		return client;
	}

	/** Checks the connection until it is lost, because a connection that is silent reports no loss itself. */
	#keep(client: pg.Client): void {
		const current = this.#client;
		const lost = (error: Error): void => {
			void closeClient(client);
			if (this.#client !== current) return;
			this.#client = undefined;
			log.warn('the listening connection was lost', { error: messageOf(error) });
			// Every wait calls `look` again and, if it continues, listens on a new connection.
			for (const bells of this.#waiting.values()) for (const ring of bells) ring();
		};
		client.once('error', lost);
		const check = async (): Promise<void> => {
			for (;;) {
				await client.query('select 1');
				await after(heartbeat, undefined, { ref: false });
			}
		};
		check().catch(lost);
	}

	async close(): Promise<void> {
		const client = await this.#client?.catch(() => undefined);
		this.#client = undefined;
		if (client) await closeClient(client);
	}
}
