import type { IncomingHttpHeaders } from 'node:http';
import type { Queryable, Transaction } from '../data/database.ts';
import { etagOf, hold } from '../files/etag.ts';
import type { Context } from '../serve/context.ts';
import { Problem, unavailable } from './problem.ts';

/** Reads the current representation with a context. @throws {Problem} 404 when there is none */
type Read = (context: Context) => Promise<unknown>;

/** How often a change is tried while others change the same rows. */
const attempts = 5;

/**
 * Returns the context of a change that has preconditions (RFC 9110, 13.1): each of its transactions first checks them. It sees
 * one snapshot, and Postgres cancels it if anyone has changed its rows since. So the check and the change are atomic.
 * @param read undefined for a resource that has no version to compare
 * @throws {Problem} 412 when they fail, also in the transactions
 */
export function conditional(context: Context, headers: IncomingHttpHeaders, read: Read | undefined): Context {
	const preconditions = { ifMatch: headers['if-match'], ifNoneMatch: headers['if-none-match'] };
	if (preconditions.ifMatch === undefined && preconditions.ifNoneMatch === undefined) return context;
	if (!read) {
		if (preconditions.ifMatch !== undefined && preconditions.ifMatch.trim() !== '*') throw failed();
		return context;
	}
	const versionIn = (db: Queryable): Promise<string | undefined> =>
		read(replacing(context, { db })).then(
			(body) => etagOf(JSON.stringify(body)),
			(error: unknown) => {
				if (error instanceof Problem && error.status === 404) return undefined;
				throw error;
			},
		);
	const transaction: Context['transaction'] = async <T>(work: (tx: Transaction) => Promise<T>, ...rest: never[]) => {
		const checked = async (tx: Transaction): Promise<T> => {
			await tx.query('set transaction isolation level repeatable read');
			const version = await versionIn(tx);
			const holds = hold(preconditions, version);
			if (version !== undefined && !holds) throw failed();
			const result = await work(tx);
			// Only now, because a change of what does not exist mostly fails without preconditions too, which counts (13.2.1).
			if (!holds && (result as { rowCount?: number } | undefined)?.rowCount !== 0) throw failed();
			return result;
		};
		for (let attempt = 1; ; attempt += 1)
			try {
				return await context.transaction(checked, ...rest);
			} catch (error) {
				if ((error as { code?: string }).code !== serializationFailure) throw error;
				if (attempt === attempts) throw unavailable('Others are changing this too. Try again shortly.', error);
			}
	};
	// A statement outside of a transaction is one of its own.
	const query = ((...args: Parameters<Queryable['query']>) =>
		transaction((tx) => tx.query(...args) as unknown as Promise<unknown>)) as Queryable['query'];
	return replacing(context, { transaction, db: { query } });
}

/** SQLSTATE of a transaction that would overwrite a row that was changed after its snapshot. */
const serializationFailure = '40001';

const failed = (): Problem =>
	new Problem(
		412,
		'The resource is not in the version that If-Match or If-None-Match expects, so nothing was changed. Get it again, apply your change to it, and send its new ETag.',
	);

/** Returns the same context, except for some members. */
function replacing(context: Context, members: Readonly<Record<string, unknown>>): Context {
	return new Proxy(context, {
		get(target, name) {
			if (Object.hasOwn(members, name)) return members[name as string];
			const member: unknown = Reflect.get(target, name, target);
			return typeof member === 'function' ? member.bind(target) : member;
		},
	});
}
