import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { Agent, type ClientRequest, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { outputOf } from '../../build.ts';
import { urlOf } from '../../database/roles.ts';
import { buildBundles } from '../../tests/copy.ts';
import { asOwner, freshDatabase, listen } from '../../tests/testing.ts';

await buildBundles();
const orders = outputOf('orders');

interface Process {
	readonly child: ChildProcess;
	readonly output: Promise<string>;
	/** The exit code, or the signal that ended it. */
	readonly exit: Promise<number | string>;
	/** Its base URL, once it has told its port. */
	url(): Promise<string>;
}

/** The bundle of `orders` as the laptop runs it: a process with a channel to its parent. */
function run(env: Record<string, string>): Process {
	const child = spawn(process.execPath, [orders], {
		env: { HOST: '127.0.0.1', PORT: '0', FUNCTION_TARGET: 'orders', ...env },
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

/** What orders needs: its database, a books that has the book, and a Broker, which tells when an order is in the outbox. */
async function surroundings(): Promise<{ env: Record<string, string>; ownerUrl: string; published: Promise<unknown> }> {
	const ownerUrl = await freshDatabase();
	const book = {
		id: 1,
		title: 'Clean Code',
		author: 'Robert C. Martin',
		price: '29.99',
		stock: 10,
		created_at: new Date().toISOString(),
	};
	const books = await listen(createServer((_req, res) => void res.end(JSON.stringify(book))));
	const broker = createServer((_req, res) => void res.writeHead(202).end());
	const published = once(broker, 'request');
	return {
		ownerUrl,
		published,
		env: {
			DATABASE_URL: urlOf(ownerUrl, 'orders'),
			FUNCTION_URLS: JSON.stringify({ books }),
			K_SINK: await listen(broker),
		},
	};
}

/** Asks on a connection that is kept. */
function ask(url: string, method: string, headers: Record<string, string>): ClientRequest {
	const agent = new Agent({ keepAlive: true });
	onTestFinished(() => agent.destroy());
	return request(url, { agent, method, headers });
}

/** An order that is waited for: a request that runs until the order is settled. */
function place(base: string): Promise<[IncomingMessage]> {
	const headers = { 'content-type': 'application/json', prefer: 'wait=30' };
	const placing = ask(`${base}/api/orders`, 'POST', headers);
	placing.end(JSON.stringify({ book_id: 1, customer_name: 'Ada', quantity: 1 }));
	return once(placing, 'response') as Promise<[IncomingMessage]>;
}

test('told to end, however often, it accepts no more, finishes what runs, and then ends', async () => {
	const { env, ownerUrl, published } = await surroundings();
	const { child, url, exit, output } = run(env);
	const base = await url();
	const answered = place(base);
	await published;
	child.kill('SIGTERM');
	child.kill('SIGINT');
	await expect.poll(() => fetch(`${base}/health`).catch(() => 'refused')).toBe('refused');
	await asOwner(ownerUrl, (db) =>
		db.query(`update orders.orders set status = 'completed'; select pg_notify('orders', '1')`),
	);
	const [answer] = await answered;
	expect([answer.statusCode, answer.headers.connection]).toEqual([201, 'close']);
	expect(await json(answer)).toMatchObject({ id: 1, status: 'completed' });
	expect(await exit).toBe(0);
	expect(await output).not.toContain('"ERROR"');
});

test('told to end, it ends its streams, and does not wait for the orders that they follow', async () => {
	const { env } = await surroundings();
	const { child, url, exit, output } = run(env);
	const base = await url();
	const body = JSON.stringify({ book_id: 1, customer_name: 'Ada', quantity: 1 });
	await fetch(`${base}/api/orders`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
	const following = ask(`${base}/api/orders/1`, 'GET', { accept: 'text/event-stream' }).end();
	const [stream] = (await once(following, 'response')) as [IncomingMessage];
	child.kill('SIGTERM');
	expect(await text(stream)).toMatch(/^retry: 1000\n\n(data: .*"pending".*\n\n)?$/);
	expect(await exit).toBe(0);
	expect(await output).not.toContain('"ERROR"');
});

test('it tells its parent the port it was given, and ends with it, though a request runs', async () => {
	const { env, published } = await surroundings();
	const { child, url, exit } = run(env);
	const broken = expect(place(await url())).rejects.toThrow();
	await published;
	child.disconnect();
	expect(await exit).toBeTypeOf('number');
	await broken;
});

test('without its environment it does not start, and the log says what each variable is for', async () => {
	const { exit, output } = run({ K_SINK: 'http://127.0.0.1:1' });
	expect(await exit).toBe(1);
	const line = JSON.parse(await output) as { severity: string; message: string };
	expect(line.severity).toBe('ERROR');
	expect(line.message).toMatch(/DATABASE_URL: the function’s own role and database(.|\n)+FUNCTION_URLS: the base URLs/);
	expect(line.message).not.toContain('K_SINK');
});

test('it does not start as a target it does not have, nor on a port that is taken', async () => {
	const { env } = await surroundings();
	const stranger = run({ ...env, FUNCTION_TARGET: 'books' });
	expect(await stranger.exit).toBe(1);
	expect(await stranger.output).toContain('function \\"orders\\" has orders and orders-events');
	const other = createServer();
	await listen(other);
	const second = run({ ...env, PORT: String((other.address() as AddressInfo).port) });
	expect(await second.exit).toBe(1);
	expect(await second.output).toContain('EADDRINUSE');
});

test('at the build of an image it runs with nothing there, to fill the compile cache', async () => {
	const cache = mkdtempSync(join(tmpdir(), 'bodega-cache-'));
	onTestFinished(() => rmSync(cache, { recursive: true }));
	const { exit } = run({ PRIME_COMPILE_CACHE: '1', NODE_COMPILE_CACHE: cache });
	expect(await exit).toBe(0);
	expect(readdirSync(cache)).not.toEqual([]);
});
