import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { listen, serving } from '../../tests/testing.ts';
import { contract } from '../declare/contract.ts';
import { declare } from '../declare/declare.ts';
import { implement } from '../http/http.ts';
import { timing } from '../net/timing.ts';

const Words = z.object({ said: z.string() });
const api = contract('/api/echo', {
	echo: { method: 'POST', path: '/', summary: 'Returns the body', body: Words, returns: Words },
});
const echo = declare({ name: 'echo', purpose: 'A test function.', api });
const operations = implement(api, { echo: ({ body }) => body });

const serveEcho = () => serving(echo, { http: { operations } });

test('reports since when an instance serves and how many requests it has answered, except health checks', async () => {
	const { url, fetch } = await serveEcho();
	const stats = async () => (await (await fetch('/stats')).json()) as { started_at: string; requests: number };
	const headers = { 'content-type': 'application/json' };
	await fetch('/health');
	await fetch('/api/echo', { method: 'POST', headers, body: '{"said":"once"}' });
	await fetch('/api/echo', { method: 'POST', headers, body: '{}' });
	const { started_at, requests } = await stats();
	expect(requests).toBe(2);
	expect(new Date(started_at).toISOString()).toBe(started_at);
	// A 100 (Continue) shows that the server has accepted the request (RFC 9110, 10.1.1).
	const unanswered = request(`${url}/api/echo`, { method: 'POST', headers: { ...headers, expect: '100-continue' } });
	unanswered.flushHeaders();
	await once(unanswered, 'continue');
	expect((await stats()).requests).toBe(2);
	unanswered.end('{"said":"twice"}');
	const [answer] = (await once(unanswered, 'response')) as [IncomingMessage];
	answer.resume();
	expect([answer.statusCode, (await stats()).requests]).toEqual([200, 3]);
});

test('announces a shorter idle time than the one after which it closes a connection', async () => {
	const { url } = await serveEcho();
	const agent = new Agent({ keepAlive: true });
	onTestFinished(() => agent.destroy());
	const [answer] = (await once(request(`${url}/health`, { agent }).end(), 'response')) as [IncomingMessage];
	answer.resume();
	expect(answer.headers['keep-alive']).toBe(`timeout=${timing.reuse / 1000}`);
	expect(timing.idle).toBeGreaterThan(timing.reuse);
});

test('forbids browsers to guess the type of any answer', async () => {
	const { fetch } = await serveEcho();
	const headers = { 'content-type': 'application/json' };
	for (const [path, init, status] of [
		['/health', {}, 200],
		['/stats', {}, 200],
		['/api/echo', { method: 'POST', headers, body: '{"said":"once"}' }, 200],
		['/api/echo', { method: 'OPTIONS' }, 204],
		['/api/echo', { method: 'POST', headers, body: '{' }, 400],
		['/api/echo', { method: 'POST', headers, body: 'x'.repeat(100_001) }, 413],
		['/nowhere', {}, 404],
	] as const) {
		const answer = await fetch(path, init);
		expect([path, answer.status, answer.headers.get('x-content-type-options')]).toEqual([path, status, 'nosniff']);
	}
});

test('functions run in the server of functions-framework too', async () => {
	await serveEcho();
	const url = await listen(getTestServer(echo.name));
	const headers = { 'content-type': 'application/json' };
	const answer = await fetch(`${url}/api/echo`, { method: 'POST', headers, body: '{"said":"once"}' });
	expect([answer.status, await answer.json()]).toEqual([200, { said: 'once' }]);
});
