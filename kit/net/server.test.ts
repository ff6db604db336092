import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { breakOff, hostileRequests, sendRaw } from '../../tests/hostile.ts';
import { listen, recordedLog } from '../../tests/testing.ts';
import { openServer } from './server.ts';

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const statusOf = (answer: string): number => Number(answer.slice(9, 12));

test('answers hostile requests, and stays open, also when the listener throws', async () => {
	recordedLog();
	for (const listener of [
		() => {
			throw new Error('at once');
		},
		async () => {
			throw new Error('later');
		},
	]) {
		const server = openServer(listener);
		await listen(server);
		for (const bytes of Object.values(hostileRequests('localhost'))) {
			await sendRaw(portOf(server), bytes);
			await breakOff(portOf(server), bytes);
		}
		const answer = await fetch(`http://127.0.0.1:${portOf(server)}`);
		expect([answer.status, answer.headers.get('x-content-type-options')]).toEqual([500, 'nosniff']);
	}
});

test('answers what is not HTTP with a problem that says why', async () => {
	const server = openServer((req, res) => req.resume().once('end', () => res.end()));
	await listen(server);
	const requests = hostileRequests('localhost');
	for (const [name, status] of [
		['two lengths', 400],
		['a header with a control character', 400],
		['too large headers', 431],
		['another transfer encoding', 501],
		['a chunk with a long extension', 413],
	] as const) {
		const answer = await sendRaw(portOf(server), requests[name] ?? '');
		expect([name, statusOf(answer)]).toEqual([name, status]);
		expect(answer).toMatch(/application\/problem\+json/i);
		expect(answer).toMatch(/x-content-type-options: nosniff/i);
		expect(JSON.parse(answer.split('\r\n\r\n').at(-1) ?? '')).toMatchObject({ status, detail: expect.any(String) });
	}
});

test('answers 408 when headers or a body do not arrive, and waits while nobody reads a body', async () => {
	const asked = Promise.withResolvers<void>();
	const server = openServer(
		(req, res) => {
			if (req.url === '/unread') asked.resolve();
			else req.resume().once('end', () => res.end('read'));
		},
		{ patience: 200 },
	);
	await listen(server);
	const head = 'POST / HTTP/1.1\r\nHost: localhost\r\n';
	for (const beginning of [
		'GET / HTTP/1.1\r\nHost:',
		`${head}Content-Length: 9\r\n\r\n{`,
		`${head}Transfer-Encoding: chunked\r\n\r\n`,
	]) {
		const socket = connect(portOf(server), '127.0.0.1');
		socket.write(beginning);
		const answer = await text(socket);
		expect([beginning, statusOf(answer)]).toEqual([beginning, 408]);
		expect(answer).toMatch(/connection: close/i);
	}
	// The server's buffer is full, so the client cannot send more.
	const socket = connect(portOf(server), '127.0.0.1');
	socket.on('error', () => {});
	socket.write(`POST /unread HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n${'a'.repeat(800_000)}`);
	await asked.promise;
	const other = connect(portOf(server), '127.0.0.1');
	other.write(`${head}Content-Length: 9\r\n\r\n`);
	expect(statusOf(await text(other))).toBe(408);
	expect(socket.destroyed).toBe(false);
	socket.destroy();
	await once(socket, 'close');
});
