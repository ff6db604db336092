import { AsyncLocalStorage } from 'node:async_hooks';
import type { Access, Contract, Operation } from '../declare/contract.ts';

/** What is known about the effect of a request. */
interface Outcome {
	/** It has changed something, or may have: the answer to a commit can be lost. */
	changed: boolean;
}

const storage = new AsyncLocalStorage<Outcome>();

/** Runs the work of one request, which has changed nothing yet. */
export const withOutcome = <T>(work: () => T): T => storage.run({ changed: false }, work);

/** Notes that the current request has changed something, or may have. */
export function noteChange(): void {
	const outcome = storage.getStore();
	if (outcome) outcome.changed = true;
}

/** Whether the current request has changed something, or may have; undefined outside of `withOutcome`. */
export const mayHaveChanged = (): boolean | undefined => storage.getStore()?.changed;

const isSafe = (method: string): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(method);

/** Returns what a proxy's problem tells the client whose request got no response. @param error the error of the request */
export function unansweredOutcome(method: string, error: unknown): string {
	if (isSafe(method)) return 'Try again shortly.';
	const { syscall = '' } = error as NodeJS.ErrnoException;
	if (['connect', 'getaddrinfo'].includes(syscall)) return 'Nothing was changed; try again shortly.';
	return 'It is not known whether the request was carried out. If it had an Idempotency-Key, send it again with the same one; otherwise look before you send it again.';
}

const callers: readonly Access[] = ['public', 'optional', 'user', 'admin'];
const rankOf = ({ access = 'public' }: Operation): number => callers.indexOf(access);

/**
 * Returns what a problem tells the client of an operation that failed because of another system: what was changed, as far as
 * that is known, and what to do next.
 */
export function outcomeOf({ base, operations }: Contract, operation: Operation, key: boolean): string {
	if (isSafe(operation.method)) return 'Try again shortly.';
	if (!mayHaveChanged()) return 'Nothing was changed; try again shortly.';
	const unknown = 'It is not known whether the request was carried out.';
	if (key && operation.headers?.shape['idempotency-key'])
		return `${unknown} To find out, send it again with the same Idempotency-Key: it is then carried out only once.`;
	// The path, or the nearest path above it, that the same callers can read.
	for (let path = operation.path; path; path = path === '/' ? '' : path.replace(/\/[^/]*$/, '') || '/') {
		const reads = Object.values(operations).some(
			(other) => other.method === 'GET' && other.path === path && rankOf(other) <= rankOf(operation),
		);
		if (reads)
			return `${unknown} To find out, look with GET ${`${base}${path}`.replace(/\/$/, '')} before you send it again.`;
	}
	return `${unknown} Expect that it was when you send it again.`;
}
