import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { roleUrl } from '../../tests/run/owner.ts';
import { freshDatabase, listen } from '../../tests/testing.ts';
import { isAway } from './away.ts';
import { Database } from './database.ts';

/** Returns the error of a connection to an unavailable database. */
const refusal = (host: string, port: number): Promise<unknown> =>
	new pg.Client({ host, port }).connect().catch((error: unknown) => error);

test.each([
	['nothing listens on the port', '127.0.0.1', 1, 'ECONNREFUSED'],
	// As while the Pod behind a Service is being replaced. A broadcast address fails in the same way.
	['no network leads to the host', '255.255.255.255', 5432, 'ENETUNREACH'],
])('reports a database as unavailable when %s', async (_what, host, port, code) => {
	const error = await refusal(host, port);
	expect(error).toMatchObject({ code });
	expect(isAway(error)).toBe(true);
});

test('reports a database as unavailable when the connection closes while it is being opened', async () => {
	const url = new URL(await listen(createServer().on('connection', (socket) => socket.destroy())));
	expect(isAway(await refusal(url.hostname, Number(url.port)))).toBe(true);
});

test('does not report a wrong query or a missing file as an unavailable database', async () => {
	expect(isAway(Object.assign(new pg.DatabaseError('no such table', 0, 'error'), { code: '42P01' }))).toBe(false);
	expect(isAway(Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'open' }))).toBe(false);
});

/** Opens a database whose port closes the first `refusals` connections; `refused` counts them. */
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

test('retries in a new Pod that cannot reach the database yet', async () => {
	vi.stubEnv('KUBERNETES_SERVICE_HOST', '10.0.0.1');
	onTestFinished(() => void vi.unstubAllEnvs());
	const { database, refused } = await laterReached(3);
	expect((await database.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
	expect(refused()).toBe(3);
});

test('reports an unavailable database immediately outside a cluster', async () => {
	const { database, refused } = await laterReached(1);
	await expect(database.query('select 1')).rejects.toSatisfy(isAway);
	expect(refused()).toBe(1);
	expect((await database.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

test('lets 500 requests wait for a connection, and refuses more', async () => {
	const url = roleUrl(await freshDatabase(), 'shelves');
	const database = new Database({ url, connections: 1, fn: 'shelves', emits: [], publish: () => {} });
	onTestFinished(() => database.close());
	let release = (): void => {};
	const held = new Promise<void>((resolve) => {
		release = resolve;
	});
	const transaction = database.transaction(async () => held);
	const refused: unknown[] = [];
	const requests = Array.from({ length: 1000 }, () =>
		database.query('select 1').catch((error: unknown) => void refused.push(error)),
	);
	await expect.poll(() => refused.length).toBe(500);
	for (const error of refused) expect(isAway(error)).toBe(true);
	release();
	await Promise.all([transaction, ...requests]);
	expect(refused).toHaveLength(500);
});
