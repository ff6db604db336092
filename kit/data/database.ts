import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';
import { attributeOf, type EventData, type EventType } from '../../eventing/catalog/catalog.ts';
import { append, type StoredEvent } from '../../eventing/outbox.ts';
import { messageOf, type Problem, unavailable } from '../http/problem.ts';
import { log } from '../trace/log.ts';
import { span } from '../trace/span.ts';
import { traceparent } from '../trace/trace.ts';

// Responses and events carry times as ISO 8601 in UTC. An int8 is always a count, and never beyond 2^53.
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => new Date(text).toISOString());
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export type Queryable = Pick<pg.ClientBase, 'query'>;

/** A transaction: its queries, and the events that are committed or rolled back with it. */
export interface Transaction<Emits extends EventType = EventType> extends Queryable {
	/** Writes an event into the outbox. It is published after the commit, in the background. */
	emit<Type extends Emits>(type: Type, subject: string | number, data: EventData<Type>): Promise<void>;
}

export type Publish = (events: readonly StoredEvent[]) => void;

/** SQLSTATEs of a server that is unavailable, full, or too slow (57014: statement_timeout). A retry can succeed. */
const away = /^(08|53300|57014|57P0)/;
/** The error codes of a broken connection. */
const awayErrors = new Set(['ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH']);
/** The system calls that fail when a connection is refused, unreachable or forbidden, or the host is unknown. */
const awayCalls = new Set(['connect', 'getaddrinfo']);
const awayMessages =
	/timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error/;

/** Returns whether an error means that the database is unavailable, rather than that a query is wrong. */
export function isAway(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	const { code = '', syscall = '' } = error as NodeJS.ErrnoException;
	if (awayErrors.has(code) || awayCalls.has(syscall) || away.test(code) || awayMessages.test(error.message))
		return true;
	return error instanceof AggregateError && error.errors.some(isAway);
}

/** A function's access to its schema, with its own role. The pool connects at the first query and reconnects. */
export class Database implements Queryable {
	readonly pool: pg.Pool;
	readonly #fn: string;
	readonly #emits: readonly EventType[];
	readonly #publish: Publish;
	/** Retries the first connection until then, because network policies take a moment to admit a new Pod of a cluster. */
	readonly #settled = performance.now() + (process.env['KUBERNETES_SERVICE_HOST'] ? 10_000 : 0);
	#reached = false;

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
		this.pool = new pg.Pool({
			connectionString: options.url,
			max: options.connections,
			connectionTimeoutMillis: 5_000,
			idleTimeoutMillis: 30_000,
			application_name: options.fn,
		});
		// Without a listener, a restart of the server while a connection is idle would end the process.
		this.pool.on('error', (error) => log.warn('an idle database connection was lost', { error: messageOf(error) }));
	}

	query = (async (...args: Parameters<pg.Pool['query']>) => {
		return statement(args[0], async () => {
			await this.#reachable();
			return this.pool.query(...args);
		});
	}) as pg.ClientBase['query'];

	/** Waits for the first connection, within the time that a new instance has for it. */
	async #reachable(): Promise<void> {
		while (!this.#reached && performance.now() < this.#settled) {
			try {
				(await this.pool.connect()).release();
				this.#reached = true;
			} catch (error) {
				if (!isAway(error)) throw error;
				await after(100);
			}
		}
	}

	/**
	 * Runs `work` in one transaction, commits it, and hands its events to the publisher. Any error rolls it back.
	 * @param cause the id of the event that the transaction handles, if any: the cause of the events it emits
	 */
	async transaction<T>(work: (tx: Transaction) => Promise<T>, cause?: string): Promise<T> {
		await this.#reachable();
		const client = await this.pool.connect();
		const events: StoredEvent[] = [];
		let broken: Error | undefined;
		const lost = (error: Error): void => {
			broken = error;
		};
		client.on('error', lost);
		try {
			await client.query('begin');
			const query = ((...args: Parameters<pg.ClientBase['query']>) =>
				statement(args[0], () => client.query(...args) as unknown as Promise<unknown>)) as pg.ClientBase['query'];
			const result = await work({
				query,
				emit: (type, subject, data) =>
					// The event carries this span's id, so its consumers' spans are children of this one.
					span(`publish ${attributeOf(type)}`, 'producer', {}, async () => {
						if (!this.#emits.includes(type))
							throw new Error(`function "${this.#fn}" emits ${type}, which is missing in its declaration's emits`);
						const event = { fn: this.#fn, type, subject, data, traceparent: traceparent(), cause };
						events.push(await append({ query }, event));
					}),
			});
			const { command } = await client.query('commit');
			// Postgres answers ROLLBACK after a failed query, even if the error was caught. The events are not stored then.
			if (command === 'ROLLBACK') throw new Error('the transaction was not committed: a query in it failed');
			this.#publish(events);
			return result;
		} catch (error) {
			await client.query('rollback').catch(lost);
			throw error;
		} finally {
			client.off('error', lost);
			client.release(broken);
		}
	}

	/** @throws {Problem} 503 when the database does not answer. */
	async ping(): Promise<void> {
		try {
			await this.query('select 1');
		} catch (cause) {
			throw databaseAway(cause);
		}
	}

	close(): Promise<void> {
		return this.pool.end();
	}
}

/** Runs a statement as a span. Its text contains no values, because they are sent separately. */
function statement<T>(query: unknown, work: () => Promise<T>): Promise<T> {
	const text = typeof query === 'string' ? query : String((query as { text?: string }).text ?? '');
	const operation = /\w+/.exec(text)?.[0]?.toUpperCase() ?? 'query';
	return span(operation, 'client', { 'db.system.name': 'postgresql', 'db.query.text': text }, work);
}

export const databaseAway = (cause: unknown): Problem =>
	unavailable('The database does not answer at the moment. Nothing was changed; try again shortly.', cause);
