import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { listen, recordedLog } from '../../tests/testing.ts';
import { endToEnd, sendBack, sendOn } from './forward.ts';
import { openServer } from './server.ts';
import { reusing, timing } from './timing.ts';

/** Starts a proxy in front of a server that answers each connection with raw bytes. */
async function proxyOf(answer: string): Promise<string> {
	const backend = createServer((socket) => {
		socket.on('error', () => {}).once('data', () => socket.end(answer, 'latin1'));
	});
	await once(backend.listen(0, '127.0.0.1'), 'listening');
	onTestFinished(() => void backend.close());
	const { port } = backend.address() as AddressInfo;
	return await listen(
		openServer(
			async (req, res) => {
				const path = req.url ?? '/';
				await sendBack(await sendOn(req, res, { host: '127.0.0.1', port, path, headers: endToEnd(req) }), res);
			},
			{ proxy: true },
		),
	);
}

const body = 'Content-Length: 2\r\n\r\n{}';

test('no answer of a server ends the proxy in front of it', async () => {
	recordedLog();
	for (const [answer, status] of [
		[`HTTP/1.1 200 OK\r\n${body}`, 200],
		[`HTTP/1.1 200 OK\r\nTrailer: foo\r\n${body}`, 200],
		[`HTTP/1.1 200 OK\r\nConnection: X-Hop\r\nX-Hop: 1\r\nUpgrade: x\r\n${body}`, 200],
		[`HTTP/1.1 200 OK\r\nX-Name: \u00ff\r\n${body}`, 200],
		[`HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n${body}`, 200],
		[`HTTP/1.1 204 No Content\r\n${body}`, 204],
		[`HTTP/1.1 304 Not Modified\r\n${body}`, 304],
		[`HTTP/1.1 200 OK\r\n${body}HTTP/1.1 200 OK\r\n${body}`, 200],
		[`HTTP/1.1 999 Odd\r\n${body}`, 999],
		[`HTTP/1.1 099 Odd\r\n${body}`, 500],
		['HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n', 500],
		[`HTTP/1.1 200 OK\r\nX-Name: a\u0001b\r\n${body}`, 500],
		['no HTTP at all\r\n\r\n', 500],
		['', 500],
	] as const) {
		const url = await proxyOf(answer);
		for (const attempt of [1, 2]) {
			const got = await fetch(url);
			expect([attempt, answer, got.status]).toEqual([attempt, answer, status]);
			await got.text();
			expect([got.headers.get('x-hop'), got.headers.get('x-content-type-options')]).toEqual([null, 'nosniff']);
		}
	}
});

test('breaks the response off when the server does', async () => {
	for (const answer of [
		'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}',
		'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nzz',
	]) {
		const url = await proxyOf(answer);
		await expect(fetch(url).then((got) => got.text())).rejects.toThrow();
		expect((await fetch(url)).status).toBe(200);
	}
});

test('stops reusing an idle connection before its server closes it, and waits longer for an answer', async () => {
	const agent = reusing();
	onTestFinished(() => agent.destroy());
	const url = await listen(openServer((_req, res) => res.end('{}')));
	const sent = request(url, { agent, timeout: timing.silence }).end();
	const [answer] = (await once(sent, 'response')) as [IncomingMessage];
	expect([sent.socket?.timeout, answer.headers['keep-alive']]).toEqual([
		timing.silence,
		`timeout=${timing.reuse / 1000}`,
	]);
	answer.resume();
	await expect.poll(() => Object.values(agent.freeSockets).flat()[0]?.timeout).toBeLessThanOrEqual(timing.reuse);
	expect(Object.values(agent.freeSockets).flat()[0]?.timeout).toBeGreaterThan(0);
});

test('forwards a body with its length, whatever headers the client names as those of one hop', async () => {
	const seen: string[] = [];
	const backend = openServer((req, res) => {
		seen.push(`${req.method} ${req.url}`);
		req.resume().once('end', () => res.end(req.headers['x-hop'] as string | undefined));
	});
	const to = new URL(await listen(backend));
	const proxy = openServer(async (req, res) => {
		const hop = { host: to.hostname, port: to.port, path: req.url ?? '/', headers: endToEnd(req, { host: to.host }) };
		await sendBack(await sendOn(req, res, hop), res);
	});
	const { port } = new URL(await listen(proxy));
	const hidden = 'GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n';
	const named = 'Connection: close, Content-Length, Host, X-Hop\r\nX-Hop: 1\r\n';
	const socket = connect(Number(port), '127.0.0.1');
	socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\n${named}Content-Length: ${hidden.length}\r\n\r\n${hidden}`);
	expect(await text(socket)).toMatch(/^HTTP\/1.1 200 OK\r\n(.|\r\n)*\r\n\r\n$/);
	expect(seen).toEqual(['GET /']);
});
