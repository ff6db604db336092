import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Agent, type ClientRequest, createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { stop } from 'esbuild';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { buildFunction } from '../../build.ts';
import { roleUrl } from '../../tests/run/owner.ts';
import { freshDatabase, listen } from '../../tests/testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'bodega-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));
const loans = join(folder, 'start.cjs');
await buildFunction('tests/library/loans', join(folder, 'function.cjs'));
// Otherwise esbuild's service would outlive this file.
await stop();

interface Process {
	readonly child: ChildProcess;
	readonly output: Promise<string>;
	/** The exit code, or the signal that ended it. */
	readonly exit: Promise<number | string>;
	/** Resolves to its base URL when it has reported its port. */
	url(): Promise<string>;
}

/** Runs the bundle of `loans` as the laptop does: as a process with an IPC channel to its parent. */
function run(env: Record<string, string>): Process {
	const child = spawn(process.execPath, [loans], {
		env: { HOST: '127.0.0.1', PORT: '0', FUNCTION_TARGET: 'loans', ...env },
		stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
	});
	onTestFinished(() => void child.kill('SIGKILL'));
	const told = once(child, 'message').then(([message]) => `http://127.0.0.1:${(message as { port: number }).port}`);
	return {
		child,
		output: text(child.stdout as NodeJS.ReadableStream),
		exit: once(child, 'exit').then(([code, signal]) => code ?? signal),
		url: () => told,
	};
}

/** Starts what loans needs: its database, a shelves with one title, and a Broker that signals the first event. */
async function surroundings(): Promise<{ env: Record<string, string>; published: Promise<unknown> }> {
	const ownerUrl = await freshDatabase();
	const title = { id: 1, title: 'Emma', deposit: '1.50', copies: 10 };
	const shelves = await listen(createServer((_req, res) => void res.end(JSON.stringify(title))));
	const broker = createServer((_req, res) => void res.writeHead(202).end());
	const published = once(broker, 'request');
	return {
		published,
		env: {
			DATABASE_URL: roleUrl(ownerUrl, 'loans'),
			FUNCTION_URLS: JSON.stringify({ shelves }),
			K_SINK: await listen(broker),
		},
	};
}

/** Opens a request on a keep-alive connection. */
function ask(url: string, method: string, headers: Record<string, string>): ClientRequest {
	const agent = new Agent({ keepAlive: true });
	onTestFinished(() => agent.destroy());
	return request(url, { agent, method, headers });
}

/** Requests a loan with `Prefer: wait`: the request runs until the loan is settled. */
function borrow(base: string): Promise<[IncomingMessage]> {
	const headers = { 'content-type': 'application/json', prefer: 'wait=30' };
	const borrowing = ask(`${base}/api/loans`, 'POST', headers);
	borrowing.end(JSON.stringify({ title_id: 1, reader: 'Ada', copies: 1 }));
	return once(borrowing, 'response') as Promise<[IncomingMessage]>;
}

test('loads no cryptography before its first answer', async () => {
	const hook = join(folder, 'hook.cjs');
	writeFileSync(hook, `process.on('message', () => process.send(process.moduleLoadList))`);
	const env = {
		DATABASE_URL: 'postgresql://nobody:none@127.0.0.1:9/none',
		FUNCTION_URLS: '{}',
		K_SINK: 'http://127.0.0.1:9',
	};
	const { child, url } = run({ ...env, NODE_OPTIONS: `--require ${hook}` });
	expect((await fetch(`${await url()}/api/loans`, { method: 'OPTIONS' })).status).toBe(204);
	child.send('list');
	const [modules] = (await once(child, 'message')) as [string[]];
	expect(modules.filter((name) => /NativeModule (http|crypto|v8)$/.test(name))).toEqual(['NativeModule http']);
});

test('on repeated signals refuses new connections, answers waiting requests with what is known, and exits', async () => {
	const { env, published } = await surroundings();
	const { child, url, exit, output } = run(env);
	const base = await url();
	const answered = borrow(base);
	await published;
	child.kill('SIGTERM');
	child.kill('SIGINT');
	await expect.poll(() => fetch(`${base}/health`).catch(() => 'refused')).toBe('refused');
	const [answer] = await answered;
	expect([answer.statusCode, answer.headers.connection]).toEqual([201, 'close']);
	expect(await json(answer)).toMatchObject({ id: 1, status: 'pending' });
	expect(await exit).toBe(0);
	expect(await output).not.toContain('"ERROR"');
});

test('on SIGTERM ends its streams without waiting for the loans that they follow', async () => {
	const { env } = await surroundings();
	const { child, url, exit, output } = run(env);
	const base = await url();
	const body = JSON.stringify({ title_id: 1, reader: 'Ada', copies: 1 });
	await fetch(`${base}/api/loans`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
	const following = ask(`${base}/api/loans/1`, 'GET', { accept: 'text/event-stream' }).end();
	const [stream] = (await once(following, 'response')) as [IncomingMessage];
	child.kill('SIGTERM');
	expect(await text(stream)).toMatch(/^retry: 1000\n\n(data: .*"pending".*\n\n)?$/);
	expect(await exit).toBe(0);
	expect(await output).not.toContain('"ERROR"');
});

test('reports its port to its parent, and exits with it even while a request is running', async () => {
	const { env, published } = await surroundings();
	const { child, url, exit } = run(env);
	const broken = expect(borrow(await url())).rejects.toThrow();
	await published;
	child.disconnect();
	expect(await exit).toBeTypeOf('number');
	await broken;
});

test('does not start without its environment, and logs the purpose of each missing variable', async () => {
	const { exit, output } = run({ K_SINK: 'http://127.0.0.1:1' });
	expect(await exit).toBe(1);
	const line = JSON.parse(await output) as { severity: string; message: string };
	expect(line.severity).toBe('ERROR');
	expect(line.message).toMatch(/DATABASE_URL: the function’s own role and database(.|\n)+FUNCTION_URLS: the base URLs/);
	expect(line.message).not.toContain('K_SINK');
});

test('does not start with an unknown target, or on a port that is in use', async () => {
	const { env } = await surroundings();
	const stranger = run({ ...env, FUNCTION_TARGET: 'shelves' });
	expect(await stranger.exit).toBe(1);
	expect(await stranger.output).toContain('function \\"loans\\" has the targets loans and loans-events');
	const other = createServer();
	await listen(other);
	for (const HOST of ['127.0.0.1', '']) {
		const second = run({ ...env, HOST, PORT: String((other.address() as AddressInfo).port) });
		expect(await second.exit).toBe(1);
		expect(await second.output).toContain('EADDRINUSE');
	}
});

test('opens its port before it loads its code, so that a request waits instead of failing', async () => {
	const { env } = await surroundings();
	const gate = join(folder, 'gate');
	execFileSync('mkfifo', [gate]);
	// The function reads the gate, and so waits, where it first needs HTTP.
	const guard = join(folder, 'guard.cjs');
	const wait = `require('node:fs').readFileSync(${JSON.stringify(gate)})`;
	writeFileSync(
		guard,
		`const loader = require('node:module'), load = loader._load;
		let isOpen = false;
		loader._load = (...args) => {
			if (args[0] === 'node:http' && !isOpen) isOpen = Boolean(${wait});
			return load(...args);
		};`,
	);
	const other = createServer();
	const { port } = new URL(await listen(other));
	await new Promise((resolve) => other.close(resolve));
	run({ ...env, HOST: '', PORT: port, NODE_OPTIONS: `--require ${guard}` });
	const connected = (): Promise<boolean> => {
		const socket = connect(Number(port), '127.0.0.1');
		return once(socket, 'connect').then(
			() => {
				socket.destroy();
				return true;
			},
			() => false,
		);
	};
	await expect.poll(connected, { timeout: 10_000 }).toBe(true);
	const answer = fetch(`http://127.0.0.1:${port}/health`);
	await writeFile(gate, 'open');
	expect(await (await answer).json()).toEqual({ status: 'ok' });
});

test('runs each operation and reaction at the build of an image, without a database or a Broker, and stores its code', async () => {
	const cache = mkdtempSync(join(tmpdir(), 'bodega-cache-'));
	onTestFinished(() => rmSync(cache, { recursive: true }));
	const file = join(cache, 'loans');
	const { exit, output } = run({ PRIME_CODE_CACHE: '1', CODE_CACHE: file });
	expect(await exit).toBe(0);
	const lines = (await output)
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as Record<string, string>);
	expect(lines.flatMap(({ method, path }) => (method ? `${method} ${path}` : []))).toEqual([
		'GET /api/loans',
		'GET /api/loans/1',
		'POST /api/loans/',
		'POST /',
		'POST /',
	]);
	expect(statSync(file).size).toBeGreaterThan(100_000);
});
