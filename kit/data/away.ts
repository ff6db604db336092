import type pg from 'pg';
import { type Problem, unavailable } from '../http/problem.ts';

/**
 * SQLSTATEs that heal by themselves: a broken connection (08), a read-only server after a failover (25006), a transaction that
 * the server has ended (25P03, 25P04), a conflict with another transaction (40001, 40P01), no resources (53), a lock that was
 * not free in time (55P03), an operator's intervention or a slow statement (57), and errors of the system below Postgres (58).
 */
const passing = /^(08|25006|25P0[34]|40001|40P01|53|55P03|57|58)/;
/** SQLSTATEs with which the server ends a connection. */
const breaking = /^(08|25P0[34]|57P)/;
/** The SQLSTATE of a change on a server that is no longer the primary. A new connection can reach another server. */
export const readOnly = '25006';
/** The error codes of a broken connection. */
const awayErrors = new Set(['ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH']);
/** The system calls that fail when a connection is refused, unreachable, forbidden or broken, or the host is unknown. */
const awayCalls = new Set(['connect', 'getaddrinfo', 'read', 'write']);
/** The driver's message about a connection that stays silent. */
export const silence = 'Query read timeout';
const awayMessages = new RegExp(
	`timeout expired|timeout exceeded when trying to connect|${silence}|Connection terminated|Client has encountered a connection error`,
);

/** Thrown when there is no connection for a statement, for whatever reason. The statement was not sent. */
export class NoConnection extends Error {}

/** Thrown when a transaction has waited too long for its lane. */
export class LaneBusy extends Error {}

/** Whether an error is the server's. Does not need the driver's class, because functions without data do not load the driver. */
const isDatabaseError = (error: unknown): error is pg.DatabaseError => error instanceof Error && 'severity' in error;

/** Returns whether an error means that the database is unavailable, rather than that a query is wrong. */
export function isAway(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	if (error instanceof NoConnection || error instanceof LaneBusy) return true;
	if (isDatabaseError(error)) return passing.test(error.code ?? '') || isLost(error);
	const { code = '', syscall = '' } = error as NodeJS.ErrnoException;
	if (awayErrors.has(code) || awayCalls.has(syscall) || awayMessages.test(error.message)) return true;
	return error instanceof AggregateError && error.errors.some(isAway);
}

/**
 * Returns whether the connection was lost before the server answered a statement. Otherwise the server has rejected the
 * statement, and nothing of its transaction is stored. An error without a SQLSTATE is the driver's, about garbage.
 */
export function isLost(error: unknown): boolean {
	if (!isDatabaseError(error)) return isAway(error);
	return error.code === undefined || breaking.test(error.code) || /^(FATAL|PANIC)$/.test(error.severity ?? '');
}

/** @param outcome what the client is told about the effect of its request */
export function databaseAway(cause: unknown, outcome: string): Problem {
	const isBusy = cause instanceof LaneBusy || (isDatabaseError(cause) && !isLost(cause));
	const what = isBusy ? 'The database cannot do this at the moment.' : 'The database does not answer at the moment.';
	return unavailable(`${what} ${outcome}`, cause);
}
