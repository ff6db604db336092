import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, Socket } from 'node:net';
import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { roleUrl } from '../../tests/run/owner.ts';
import { freshDatabase, listen } from '../../tests/testing.ts';
import { isAway } from './away.ts';
import { Database } from './database.ts';
import { limits } from './limits.ts';

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

/** A proxy to the port of its last argument. It accepts one connection beside those of its backlog, and prints its own port. */
const proxy = `const { connect, createServer } = require('node:net');
const server = createServer((socket) => socket.pipe(connect(process.argv.at(-1), '127.0.0.1')).pipe(socket));
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port));`;

test('connects soon in a new Pod whose first packets the network drops', async () => {
	vi.stubEnv('KUBERNETES_SERVICE_HOST', '10.0.0.1');
	const url = new URL(await freshDatabase());
	const child = spawn(process.execPath, ['-e', proxy, url.port], { stdio: ['ignore', 'pipe', 'ignore'] });
	onTestFinished(() => {
		vi.unstubAllEnvs();
		child.kill('SIGKILL');
	});
	url.port = String((await once(child.stdout, 'data'))[0]).trim();
	// A stopped process accepts nothing. Once its backlog is full, the kernel drops the first packet of each other connection.
	child.kill('SIGSTOP');
	for (const _ of [1, 2])
		await once(
			connect(Number(url.port), '127.0.0.1').on('error', () => {}),
			'connect',
		);
	const attempts = vi.spyOn(Socket.prototype, 'connect');
	const database = new Database({ url: url.href, connections: 1, fn: 'thing', emits: [], publish: () => {} });
	onTestFinished(() => {
		attempts.mockRestore();
		return database.close();
	});
	const asked = database.query('select 1 as one');
	// The driver itself would give up after `limits.connect`.
	await expect.poll(() => attempts.mock.calls.length, { timeout: limits.connect - 1_000 }).toBeGreaterThan(1);
	child.kill('SIGCONT');
	expect((await asked).rows).toEqual([{ one: 1 }]);
});

test('connects again in a new Pod after an attempt that fails when another one has succeeded', async () => {
	vi.stubEnv('KUBERNETES_SERVICE_HOST', '10.0.0.1');
	const url = new URL(await freshDatabase());
	const port = Number(url.port);
	const sockets: Socket[] = [];
	const holding = createTcpServer((socket) => {
		// The first connection gets no answer.
		if (sockets.push(socket.on('error', () => {})) > 1) socket.pipe(connect(port, '127.0.0.1')).pipe(socket);
	}).listen(0, '127.0.0.1');
	await once(holding, 'listening');
	url.port = String((holding.address() as AddressInfo).port);
	const database = new Database({ url: url.href, connections: 2, fn: 'thing', emits: [], publish: () => {} });
	onTestFinished(() => {
		vi.unstubAllEnvs();
		holding.close();
		return database.close();
	});
	const first = database.query('select 1 as one');
	await expect.poll(() => sockets.length).toBe(1);
	await database.query('select 2');
	sockets[0]?.destroy();
	expect((await first).rows).toEqual([{ one: 1 }]);
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

async function connected(): Promise<Database> {
	const database = new Database({
		url: await freshDatabase(),
		connections: 1,
		fn: 'tea',
		emits: [],
		publish: () => {},
	});
	onTestFinished(() => database.close());
	return database;
}

/** The method with which a socket writes several pieces in one system call. */
interface Joint {
	_writev(pieces: readonly Buffer[], done: () => void): void;
}

test('writes `begin` with the first statement, and the last one with the commit', async () => {
	const database = await connected();
	await database.query('select 1');
	// Watches the writes, because the server can read two at once.
	const [single, joint] = [
		vi.spyOn(Socket.prototype, '_write'),
		vi.spyOn(Socket.prototype as unknown as Joint, '_writev'),
	];
	onTestFinished(() => {
		single.mockRestore();
		joint.mockRestore();
	});
	await database.transaction(async (tx) => {
		await tx.query('select 2');
		void tx.query('select 3');
	});
	const written = joint.mock.calls.map(([pieces]) =>
		pieces.flatMap((piece) => piece.toString('latin1').match(/begin|select \d|commit/) ?? []),
	);
	expect(written).toEqual([
		['begin', 'select 2'],
		['select 3', 'commit'],
	]);
	expect(single).not.toHaveBeenCalled();
});

test('opens all works of a transaction before it runs one, and each alone after one has failed', async () => {
	const database = await connected();
	const steps: string[] = [];
	const run = (name: string, statement: string): Promise<string> => {
		let opened = '';
		return database.transaction(
			async () => {
				steps.push(`run ${name}`);
				return opened;
			},
			{
				lane: 'a',
				isRepeatable: true,
				opening: async (tx) => {
					steps.push(`open ${name}`);
					await tx.query(statement);
					opened = `opened ${name}`;
				},
			},
		);
	};
	const group = (bad: string) =>
		Promise.allSettled([run('one', 'select 1'), run('two', 'select 2'), run('three', bad)]);
	expect(await group('select 3')).toMatchObject([
		{ value: 'opened one' },
		{ value: 'opened two' },
		{ value: 'opened three' },
	]);
	expect(steps).toEqual(['open one', 'run one', 'open two', 'open three', 'run two', 'run three']);
	expect(await group('select x')).toMatchObject([
		{ value: 'opened one' },
		{ value: 'opened two' },
		{ reason: { message: 'column "x" does not exist' } },
	]);
});
