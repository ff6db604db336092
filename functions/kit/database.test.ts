import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { isAway } from './database.ts';

/** What a connection to a database that is not there fails with. */
const refusal = (host: string, port: number): Promise<unknown> =>
	new pg.Client({ host, port }).connect().then(
		() => undefined,
		(error: unknown) => error,
	);

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
	const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
	onTestFinished(() => void server.close());
	await once(server, 'listening');
	expect(isAway(await refusal('127.0.0.1', (server.address() as AddressInfo).port))).toBe(true);
});

test('a query that is wrong, and a file that is not there, say nothing of the database', async () => {
	expect(isAway(Object.assign(new pg.DatabaseError('no such table', 0, 'error'), { code: '42P01' }))).toBe(false);
	expect(isAway(Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'open' }))).toBe(false);
});
