import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { serving } from '../../tests/testing.ts';
import { contract } from '../declare/contract.ts';
import { declare } from '../declare/declare.ts';
import { implement } from '../http/http.ts';

const Words = z.object({ said: z.string() });
const api = contract('/api/echo', {
	echo: { method: 'POST', path: '/', summary: 'Says it again', body: Words, returns: Words },
});
const echo = declare({ name: 'echo', purpose: 'A function of these tests.', api });
const operations = implement(api, { echo: ({ body }) => body });

const serveEcho = () => serving(echo, { http: { operations } });

test('an instance tells since when it serves and how many requests it has answered, its health not counted', async () => {
	const { url, fetch } = await serveEcho();
	const stats = async () => (await (await fetch('/stats')).json()) as { started_at: string; requests: number };
	const headers = { 'content-type': 'application/json' };
	await fetch('/health');
	await fetch('/api/echo', { method: 'POST', headers, body: '{"said":"once"}' });
	await fetch('/api/echo', { method: 'POST', headers, body: '{}' });
	const { started_at, requests } = await stats();
	expect(requests).toBe(2);
	expect(new Date(started_at).toISOString()).toBe(started_at);
	// The 100 that is waited for here tells that the request is in hand (RFC 9110, 10.1.1).
	const unanswered = request(`${url}/api/echo`, { method: 'POST', headers: { ...headers, expect: '100-continue' } });
	unanswered.flushHeaders();
	await once(unanswered, 'continue');
	expect((await stats()).requests).toBe(2);
	unanswered.end('{"said":"twice"}');
	const [answer] = (await once(unanswered, 'response')) as [IncomingMessage];
	answer.resume();
	expect([answer.statusCode, (await stats()).requests]).toEqual([200, 3]);
});

test('an idle connection is kept for longer than queue-proxy keeps it', async () => {
	const { url } = await serveEcho();
	const agent = new Agent({ keepAlive: true });
	onTestFinished(() => agent.destroy());
	const [answer] = (await once(request(`${url}/health`, { agent }).end(), 'response')) as [IncomingMessage];
	answer.resume();
	expect(answer.headers['keep-alive']).toBe('timeout=120');
});
