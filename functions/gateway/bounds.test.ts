import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listen, recordedLog, serving } from '../../tests/testing.ts';
import gateway from './function.ts';
import * as http from './http.ts';

/** Serves the gateway, behind one trusted proxy, in front of a function that streams, or answers when it has the body. */
async function serveShelves(): Promise<{ url: string; port: number }> {
	const root = mkdtempSync(join(tmpdir(), 'bodega-bounds-'));
	onTestFinished(() => rmSync(root, { recursive: true }));
	mkdirSync(join(root, 'web'));
	writeFileSync(join(root, 'screens.json'), '[]');
	const shelves = createServer((req, res) => {
		if (!req.url?.endsWith('/stream')) req.resume().once('end', () => res.end('{}'));
		else res.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
	});
	const ROUTES = JSON.stringify({ '/api/shelves': { url: await listen(shelves), bodyLimit: 1_000_000 } });
	const { url } = await serving(gateway, { http }, { env: { ROUTES, WEB_ROOT: root, TRUSTED_PROXIES: '2' } });
	return { url, port: Number(new URL(url).port) };
}

/** Opens connections that send the beginning of a request, and returns the first line of each answer so far. */
function open(port: number, count: number, head: readonly string[]): { answers: string[]; close: () => void } {
	const answers: string[] = [];
	const sockets: Socket[] = [];
	for (let index = 0; index < count; index += 1) {
		const socket = connect(port, '127.0.0.1').on('error', () => {});
		socket.write([...head, 'Host: localhost', '', ''].join('\r\n'));
		socket.once('data', (data) => answers.push(String(data)));
		sockets.push(socket);
	}
	const close = (): void => {
		for (const socket of sockets) socket.destroy();
	};
	onTestFinished(close);
	return { answers, close };
}

/** The options for waiting until a busy machine has answered hundreds of connections. */
const slow = { timeout: 50_000 };

const statuses = (answers: readonly string[], status: number): number =>
	answers.filter((answer) => answer.startsWith(`HTTP/1.1 ${status}`)).length;

test.each([
	['that ask for a stream', ['GET /api/shelves/stream HTTP/1.1', 'Accept: text/event-stream']],
	['that get one without asking', ['GET /api/shelves/stream HTTP/1.1', 'Accept: text/*']],
])('640 requests of one client %s get 64 streams and 503, and others are answered', async (_what, head) => {
	recordedLog();
	const { url, port } = await serveShelves();
	const { answers, close } = open(port, 640, head);
	await expect.poll(() => answers.length, slow).toBe(640);
	expect([statuses(answers, 200), statuses(answers, 503)]).toEqual([64, 576]);
	expect(answers.find((answer) => answer.startsWith('HTTP/1.1 503'))).toMatch(/retry-after: 2/i);
	expect((await fetch(`${url}/api/shelves`)).status).toBe(200);
	expect((await fetch(`${url}/api/shelves`, { method: 'POST', body: '{}' })).status).toBe(200);
	// Another client has places of its own.
	const headers = { accept: 'text/event-stream', 'x-forwarded-for': '203.0.113.9' };
	const stream = await fetch(`${url}/api/shelves/stream`, { headers });
	expect(stream.status).toBe(200);
	await stream.body?.cancel();
	close();
	const free = async () => {
		const answer = await fetch(`${url}/api/shelves/stream`, { headers: { accept: 'text/event-stream' } });
		await answer.body?.cancel();
		return answer.status;
	};
	await expect.poll(free).toBe(200);
});

test('640 request bodies that never come keep no other request waiting', async () => {
	recordedLog();
	const { url, port } = await serveShelves();
	const { answers } = open(port, 640, ['POST /api/shelves HTTP/1.1', 'Content-Length: 9']);
	// A busy machine can take so long that the first bodies time out (408) and free their places.
	await expect.poll(() => answers.length, slow).toBeGreaterThanOrEqual(576);
	expect(statuses(answers, 503)).toBeGreaterThan(500);
	expect(answers.find((answer) => answer.startsWith('HTTP/1.1 503'))).toMatch(/retry-after: 2/i);
	expect((await fetch(`${url}/api/shelves`)).status).toBe(200);
	expect((await fetch(`${url}/api/shelves`, { method: 'POST', body: '{}' })).status).toBe(200);
});
