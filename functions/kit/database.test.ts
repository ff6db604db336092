import { createServer } from 'node:http';
import pg from 'pg';
import { expect, test } from 'vitest';
import { isAway } from './database.ts';
import { listen } from './testing.ts';

/** What a connection to a database that is not there fails with. */
const refusal = (host: string, port: number): Promise<unknown> =>
	new pg.Client({ host, port }).connect().catch((error: unknown) => error);

test.each([
	['nobody listens', '127.0.0.1', 1, 'ECONNREFUSED'],
	// While the Pod behind a Service is being replaced; to a broadcast address there is no connection either.
	['no network leads there', '255.255.255.255', 5432, 'ENETUNREACH'],
])('a database is away where %s', async (_what, host, port, code) => {
	const error = await refusal(host, port);
	expect(error).toMatchObject({ code });
	expect(isAway(error)).toBe(true);
});

test('a database is away where the connection is closed before it is one', async () => {
	const url = new URL(await listen(createServer().on('connection', (socket) => socket.destroy())));
	expect(isAway(await refusal(url.hostname, Number(url.port)))).toBe(true);
});

test('a query that is wrong, and a file that is not there, say nothing of the database', async () => {
	expect(isAway(Object.assign(new pg.DatabaseError('no such table', 0, 'error'), { code: '42P01' }))).toBe(false);
	expect(isAway(Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'open' }))).toBe(false);
});
