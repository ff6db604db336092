import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';
import type { EventData, EventType } from '../../eventing/catalog/catalog.ts';
import type { Decision, StoredEvent } from '../../eventing/outbox.ts';
import { messageOf } from '../http/problem.ts';
import { log } from '../trace/log.ts';
import { databaseAway, isAway, isLost, NoConnection, readOnly, silence } from './away.ts';
import { Admission } from './client.ts';
import { Emissions } from './emissions.ts';
import { Lanes } from './lanes.ts';
import { clientOptions } from './limits.ts';
import { noteChange } from './outcome.ts';
import { inspect } from './pooler/pooler.ts';
import { sendTo, traced } from './statement.ts';

// Responses and events carry times as ISO 8601 in UTC. An int8 is always a count, and never beyond 2^53.
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => new Date(text).toISOString());
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export type Queryable = Pick<pg.ClientBase, 'query'>;

/** A transaction: its queries, and the events that are committed or rolled back with it. */
export interface Transaction<Emits extends EventType = EventType> extends Queryable {
	/** Writes an event into the outbox, with the commit. It is published after that, in the background. */
	emit<Type extends Emits>(type: Type, subject: string | number, data: EventData<Type>): Promise<void>;
	/**
	 * Runs a statement with the commit, after all others of the transaction, and writes the events that it decides on into the
	 * outbox. It is the place for the lock of a row that many wait for: they wait for this statement and the commit, and for no
	 * round trip.
	 * @param types those that the decision can result in
	 */
	conclude(types: readonly Emits[], decision: Decision): void;
}

export type Publish = (events: readonly StoredEvent[]) => void;

/** The SQLSTATE of a statement after a failed one of the same transaction. */
const aborted = '25P02';

class NotCommitted extends Error {
	override message = 'the transaction was not committed: a query in it failed';
}

/** The most requests that wait for a connection of one instance. They get one within `limits.connect`, or fail. */
const mostWaiting = 500;

interface Options {
	/** The id of the event that the transaction handles, if any: the cause of the events it emits. */
	readonly cause?: string | undefined;
	/** Names what the transaction locks. Transactions of one lane run one after the other. */
	readonly lane?: string | undefined;
	/** Whether the work can run again after a rollback. It then shares a transaction with others that wait for the lane. */
	readonly isRepeatable?: boolean;
	/**
	 * Sends the statements before the work. Those of all works that share the transaction are sent at once, so they must not depend on
	 * the works.
	 */
	readonly opening?: (tx: Transaction) => Promise<void>;
}

/** The work of a transaction, or a part of it. */
interface Work {
	readonly opening: ((tx: Transaction) => Promise<void>) | undefined;
	readonly run: (tx: Transaction) => Promise<unknown>;
	readonly cause: string | undefined;
	readonly isRepeatable: boolean;
	/** Calls a function in the trace, and for the request, that the work belongs to. */
	readonly within: <T>(call: () => T) => T;
}

/** A function's access to its schema, with its own role. The pool connects at the first query and reconnects. */
export class Database implements Queryable {
	readonly #pool: pg.Pool;
	readonly #fn: string;
	readonly #emits: readonly EventType[];
	readonly #publish: Publish;
	readonly #lanes = new Lanes<Work>((works) => this.#transact(works));
	readonly #admission = new Admission();

	constructor(options: {
		url: string;
		connections: number;
		fn: string;
		emits: readonly EventType[];
		publish: Publish;
	}) {
		this.#fn = options.fn;
		this.#emits = options.emits;
		this.#publish = options.publish;
		this.#pool = new pg.Pool({
			...clientOptions(options.url, options.fn),
			max: options.connections,
			stream: () => this.#admission.socket(),
			// A statement is sent without waiting for the answer to the one before it.
			pipeline: true,
			idleTimeoutMillis: 30_000,
		});
		// Without a listener, a restart of the server while a connection is idle would end the process.
		this.#pool.on('error', (error) => log.warn('an idle database connection was lost', { error: messageOf(error) }));
		// The same holds for a connection that breaks as soon as it is open, or between two statements.
		this.#pool.on('connect', (client) => inspect(client.on('error', () => {})));
	}

	query = (async (...args: Parameters<pg.Pool['query']>) => {
		return traced(args[0], async (text) => {
			const client = await this.#connect();
			let failure: unknown;
			// A single statement is a transaction, with a commit that the server's answer includes.
			const changes = !/^\s*select\b/i.test(text);
			try {
				const result = await sendTo(client, args);
				if (changes) noteChange();
				return result;
			} catch (error) {
				failure = error;
				if (changes && isLost(error)) noteChange();
				throw error;
			} finally {
				this.#release(client, failure);
			}
		});
	}) as pg.ClientBase['query'];

	/** @throws {NoConnection} */
	async #connect(): Promise<pg.PoolClient> {
		if (this.#pool.waitingCount >= mostWaiting)
			throw new NoConnection(`${mostWaiting} requests are waiting for a database connection already`);
		for (;;) {
			const { isPending } = this.#admission;
			try {
				const client = await this.#pool.connect();
				this.#admission.end();
				return client;
			} catch (cause) {
				if (!isPending || !isAway(cause)) throw new NoConnection(messageOf(cause), { cause });
				await after(20);
			}
		}
	}

	/** Returns a connection to the pool, or closes it if it was lost or is to another server than the primary. */
	#release(client: pg.PoolClient, failure: unknown): void {
		const { code, message } = (failure ?? {}) as { code?: string; message?: string };
		client.release(isLost(failure) || code === readOnly);
		if (message !== silence && code !== readOnly) return;
		// The idle connections are as old and probably no better. Those in use are left alone: each has its own limit.
		for (let left = this.#pool.idleCount; left > 0; left -= 1)
			this.#pool.connect().then(
				(idle) => idle.release(true),
				() => {},
			);
	}

	/** Runs `work` in one transaction, commits it, and hands its events to the publisher. Any error rolls it back. */
	async transaction<T>(
		work: (tx: Transaction) => Promise<T>,
		{ cause, lane, isRepeatable = false, opening }: Options = {},
	): Promise<T> {
		const own: Work = { opening, run: work, cause, isRepeatable, within: AsyncLocalStorage.snapshot() };
		if (lane === undefined) return (await this.#transact([own]))[0] as T;
		return (await this.#lanes.run(lane, own)) as T;
	}

	/** Runs works one after the other in one transaction. Returns the result of each. */
	async #transact(works: readonly Work[]): Promise<unknown[]> {
		const client = await this.#connect();
		const noteChanges = (): void => {
			for (const { within } of works) within(noteChange);
		};
		let failure: unknown;
		let lost = false;
		const send = async (...args: unknown[]): Promise<pg.QueryResult> => {
			try {
				return await sendTo(client, args);
			} catch (error) {
				if (!lost) failure = error;
				lost ||= isLost(error);
				throw error;
			}
		};
		const query = ((...args: unknown[]) => traced(args[0], () => send(...args))) as pg.ClientBase['query'];
		const emissions = new Emissions(this.#fn, this.#emits, query);
		const transactionOf = (work: Work): Transaction => ({
			query,
			emit: (...event) => emissions.emit(work, ...event),
			conclude: (...decision) => emissions.conclude(work, ...decision),
		});
		const parts = works.map((work) => ({ work, tx: transactionOf(work) }));
		let openings: readonly Promise<void>[] = [];
		try {
			// Sent with the first statement of the work. If it fails, the connection is lost, and so are the others.
			const begun = send('begin');
			begun.catch(() => {});
			openings = parts.map(({ work, tx }) => work.within(async () => work.opening?.(tx)));
			for (const opening of openings) opening.catch(() => {});
			const results: unknown[] = [];
			for (const [index, { work, tx }] of parts.entries()) {
				await openings[index];
				results.push(await work.within(() => work.run(tx)));
			}
			await begun;
			if (lost) throw failure;
			// All at once, so that the transaction holds its locks for one round trip less.
			const sent = emissions.send();
			const [{ command }] = await Promise.all([send('commit'), ...sent]).catch((error) => {
				// Without an answer, the transaction can be committed. The relay publishes its events then.
				if (lost) noteChanges();
				throw error.code === aborted ? new NotCommitted() : error;
			});
			// Postgres answers ROLLBACK after a failed query, even if the error was caught. The events are not stored then.
			if (command === 'ROLLBACK') throw new NotCommitted();
			noteChanges();
			this.#publish(emissions.stored);
			return results;
		} catch (error) {
			// None of them must send a statement after the rollback.
			await Promise.allSettled(openings);
			// The server rolls back the transaction of a connection that is closed.
			if (!lost) await send('rollback').catch(() => {});
			throw error;
		} finally {
			this.#release(client, failure);
		}
	}

	/** @throws {Problem} 503 when the database does not answer. */
	async ping(): Promise<void> {
		try {
			await this.query('select 1');
		} catch (cause) {
			throw databaseAway(cause, 'Try again shortly.');
		}
	}

	close(): Promise<void> {
		return this.#pool.end();
	}
}
