import type pg from 'pg';

/** Thrown by `listen` on a connection of a pooler. */
export class Pooled extends Error {
	override message = 'a connection pooler stands before the database';
}

/** The server's process of a connection, as the connection was told when it was opened. A pooler tells a number of its own. */
export const processOf = (client: pg.ClientBase): number | null =>
	(client as pg.ClientBase & { processID: number | null }).processID;

/** The connections whose process in the server is known to be theirs for as long as they are open. */
const own = new WeakSet<pg.ClientBase>();

/**
 * Finds out whether a new connection has a process of the server to itself. Behind a pooler each transaction can be in another
 * process, so nothing that a session remembers can be relied upon. It takes no round trip of its own, because the connection's
 * first statement is sent without waiting for the answer.
 */
export function inspect(client: pg.ClientBase): void {
	client.query<{ pid: number }>('select pg_backend_pid() as pid').then(
		({ rows }) => void (rows[0]?.pid === processOf(client) && own.add(client)),
		() => {}, // The statement after it fails too.
	);
}

/** Whether a session remembers what is sent on this connection. */
export const isOwn = (client: pg.ClientBase): boolean => own.has(client);

/**
 * Listens to a channel, in one round trip. Behind a pooler, the notifications would go to whichever client has the process.
 * @throws {Pooled} and does not listen then
 */
export async function listen(client: pg.ClientBase, channel: string): Promise<void> {
	const statement = `do $$ begin
		if pg_backend_pid() is distinct from ${processOf(client)} then raise exception using errcode = '${pooled}'; end if;
		listen ${channel};
	end $$`;
	await client.query(statement).catch((error) => {
		throw error.code === pooled ? new Pooled() : error;
	});
}

/** A SQLSTATE that is not Postgres' own: classes that begin with a letter from I to Z are free for others. */
const pooled = 'PL001';
