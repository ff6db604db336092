import { createHmac, randomBytes } from 'node:crypto';
import pg from 'pg';
import { closeClient, openClient } from '../kit/data/client.ts';
import { limits } from '../kit/data/limits.ts';
import { shop } from '../shop.ts';

/** The owner of the database, and the secret that the passwords of the functions' roles derive from. */
export interface Owner {
	/** The URL of a role that can create roles and schemas. */
	readonly url: string;
	/** Random and the shop's own, so that no function's password tells anything about the owner's. */
	readonly secret: string;
}

/** Returns a new secret of 192 bits for `Owner`. */
export const newSecret = (): string => randomBytes(24).toString('base64url');

/** Returns the role of a running function. Roles belong to the server, so their names start with the shop's. */
export const roleOf = (fn: string): string => `${shop.database}_${fn.replaceAll('-', '_')}`;

/**
 * Returns the role that owns a function's schema. It cannot log in: only migrations run as it, so a function that is taken
 * over can create nothing. No function's own role has this name, because names of functions have no dollar sign.
 */
export const ownerRoleOf = (schema: string): string => `${shop.database}_${schema}$owner`;

/** The name of the monitoring user, which reads the database's metrics. It has a role like a function but no schema. */
export const monitor = 'metrics';

/** The name of the role that removes old events. It has no schema; it can act as the owner of the schema `eventing`, and as no other. */
export const remover = 'retention';

export const schemaOf = (fn: string): string => fn.replaceAll('-', '_');

/** Returns the URL with which a function connects as its own role. Every program with the owner's secret derives the same one. */
export function urlOf({ url: ownerUrl, secret }: Owner, fn: string): string {
	const url = new URL(ownerUrl);
	url.username = roleOf(fn);
	// The role has all settings of its sessions. A connection pooler refuses this parameter.
	url.searchParams.delete('options');
	url.password = createHmac('sha256', secret).update(roleOf(fn)).digest('base64url');
	return url.href;
}

/** Returns the URL that leads to the same database through a connection pooler. @param pooler its `host:port` */
export function throughPooler(href: string, pooler: string): string {
	const url = new URL(href);
	url.host = pooler;
	return url.href;
}

/** Runs `work` with a new connection and closes it. A statement has ten minutes, because a migration can be long. */
export async function connected<T>(url: string, name: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
	const client = await openClient(url, name, limits.migration);
	try {
		return await work(client);
	} finally {
		await closeClient(client);
	}
}

/** SQLSTATEs of clashing changes: internal_error ("tuple concurrently updated"), unique_violation, duplicate_object. */
const clashes = new Set(['XX000', '23505', '42710']);

/**
 * Runs a change to an object of the server, such as a role, in up to ten attempts. The migration lock is per database,
 * so the migration of another database can make the same change concurrently. Postgres then rejects the later one.
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
