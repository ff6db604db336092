import type { ClientConfig } from 'pg';

/** The limits of every connection to the database, in milliseconds. docs/scaling.md explains them. */
export const limits = {
	/** To open a connection, or to wait for one of the pool. */
	connect: 5_000,
	/** For a row that another transaction has locked. The Broker retries an event that waits for longer. */
	lock: 1_000,
	/** For one statement, in the server. */
	statement: 5_000,
	/** For a statement of a function that reads everything, which can be about any column. */
	question: 2_000,
	/** For the answer to a statement. A silent connection exceeds it, because the server ends a slow statement before. */
	answer: 6_000,
	/** Between two statements of a transaction. It frees the locks of an instance that is gone. */
	idleInTransaction: 10_000,
	/** For one statement of a migration. */
	migration: 600_000,
} as const;

/** The seconds of silence after which either side probes a connection, between two probes, and the probes without an answer. */
const keepAlive = { idle: 30, interval: 10, count: 3 };

/**
 * The settings of each function's role, in the form `name=value`. The role has them, and not the connection, because a
 * pooler between the two can refuse such parameters or give the connection to others.
 */
export const roleSettings = [
	`lock_timeout=${limits.lock}`,
	`statement_timeout=${limits.statement}`,
	`idle_in_transaction_session_timeout=${limits.idleInTransaction}`,
	`tcp_keepalives_idle=${keepAlive.idle}`,
	`tcp_keepalives_interval=${keepAlive.interval}`,
	`tcp_keepalives_count=${keepAlive.count}`,
];

/** Returns the options of a client. @param answer how long the server has to answer a statement, in milliseconds */
export const clientOptions = (url: string, name: string, answer: number = limits.answer) =>
	({
		connectionString: url,
		application_name: name,
		connectionTimeoutMillis: limits.connect,
		query_timeout: answer,
		keepAlive: true,
		keepAliveInitialDelayMillis: keepAlive.idle * 1000,
	}) satisfies ClientConfig;
