import { createHmac } from 'node:crypto';
import pg from 'pg';
import { shop } from '../shop.ts';

/** The role of a function; its schema has the function's own name. Roles are the server's, so they carry the shop's name. */
export const roleOf = (fn: string): string => `${shop.name}_${fn.replaceAll('-', '_')}`;

/** What reads the database's metrics has a role as a function has one, and no schema. */
export const monitor = 'metrics';

/** The schema of a function. */
export const schemaOf = (fn: string): string => fn.replaceAll('-', '_');

/**
 * The URL by which a function connects as its own role. The password is derived from the owner's URL, so nothing has to
 * be kept or passed about, and whoever has the owner's URL arrives at the same.
 */
export function urlOf(ownerUrl: string, fn: string): string {
	const url = new URL(ownerUrl);
	const secret = url.password || ownerUrl;
	url.username = roleOf(fn);
	// A setting of the connection, not of the role: it holds in every copy of the database.
	url.searchParams.set('options', `-c search_path=${schemaOf(fn)}`);
	url.password = createHmac('sha256', secret).update(roleOf(fn)).digest('base64url');
	return url.href;
}

/** What Postgres answers whoever changes a role at the same moment as another: internal_error ("tuple concurrently updated"), unique_violation, duplicate_object. */
const clashes = new Set(['XX000', '23505', '42710']);

/**
 * Changes what is the server's. The lock is the database's, so the migration of another database may be about the same
 * thing; Postgres turns down the later of the two, which then finds what the earlier has done.
 */
export async function onServer(change: () => Promise<unknown>): Promise<void> {
	for (let tries = 1; ; tries++)
		try {
			await change();
			return;
		} catch (error) {
			if (!(error instanceof pg.DatabaseError && clashes.has(error.code ?? '')) || tries === 10) throw error;
		}
}
