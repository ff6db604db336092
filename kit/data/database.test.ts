import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { freshDatabase, listen } from '../../tests/testing.ts';
import { Database, isAway } from './database.ts';

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

/** A database at whose port each of the first connections is closed; `refused` counts them. */
async function laterReached(refusals: number): Promise<{ database: Database; refused: () => number }> {
	const url = new URL(await freshDatabase());
	const port = Number(url.port);
	let refused = 0;
	const proxy = createTcpServer((socket) => {
		socket.on('error', () => {});
		if (refused < refusals) {
			refused += 1;
			return socket.destroy();
		}
		const through = connect(port, '127.0.0.1').on('error', () => {});
		socket.pipe(through).pipe(socket);
	}).listen(0, '127.0.0.1');
	await once(proxy, 'listening');
	url.port = String((proxy.address() as AddressInfo).port);
	const database = new Database({ url: url.href, connections: 1, fn: 'thing', emits: [], publish: () => {} });
	onTestFinished(async () => {
		await database.close();
		proxy.close();
	});
	return { database, refused: () => refused };
}

test('a new pod tries again while its way to the database is not open yet', async () => {
	vi.stubEnv('KUBERNETES_SERVICE_HOST', '10.0.0.1');
	onTestFinished(() => void vi.unstubAllEnvs());
	const { database, refused } = await laterReached(3);
	expect((await database.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
	expect(refused()).toBe(3);
});

test('elsewhere a database that is away is said to be away immediately', async () => {
	const { database, refused } = await laterReached(1);
	await expect(database.query('select 1')).rejects.toSatisfy(isAway);
	expect(refused()).toBe(1);
	expect((await database.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});
