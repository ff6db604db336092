import { expect, test } from 'vitest';
import { breachOf, operationOf, type Response } from './contract.ts';

const problem = (status: number, more: object = {}): Response => ({
	status,
	mediaType: 'application/problem+json',
	body: { type: 'about:blank', status, detail: 'The database does not answer.', ...more },
});
const event = operationOf('GET', '/api/events/7');
const token = { access_token: 'a.b.c', token_type: 'Bearer', expires_in: 900 };
const signIn = operationOf('POST', '/api/users/session');
const json = 'application/json';

test('accepts what the contract of an operation lists', () => {
	expect(breachOf(signIn, { status: 200, mediaType: json, body: token }, false)).toBeUndefined();
	expect(breachOf(event, problem(404), false)).toBeUndefined();
	expect(breachOf(event, problem(503, { traceId: 'a' }), false)).toBeUndefined();
	expect(breachOf(event, { ...problem(502), retryAfter: '2' }, false)).toBeUndefined();
	const stream = operationOf('GET', '/api/events');
	expect(breachOf(stream, { status: 200, mediaType: 'text/event-stream', body: '' }, false)).toBeUndefined();
	// An ingress answers in the place of a function.
	expect(breachOf(event, { status: 502, mediaType: 'text/plain', body: 'bad gateway' }, true)).toBeUndefined();
	expect(
		breachOf(operationOf('GET', '/'), { status: 200, mediaType: 'text/html', body: '<html>' }, false),
	).toBeUndefined();
});

test.each<[breach: string, response: Response]>([
	['answered 201, expected 200', { status: 201, mediaType: json, body: token }],
	['breaks its schema: access_token', { status: 200, mediaType: json, body: { ...token, access_token: 7 } }],
	['answered 418, which its contract does not list', problem(418)],
	['answered 500, which its contract does not list', problem(500, { traceId: 'a' })],
	['a 401 is text/plain', { status: 401, mediaType: 'text/plain', body: 'no' }],
	['a 502 is text/plain', { status: 502, mediaType: 'text/plain', body: 'bad gateway' }],
	['a 401 is no problem of RFC 9457', { ...problem(401), body: { status: 400, detail: 'no' } }],
	['a 503 has neither Retry-After nor a trace id', problem(503)],
])('finds that a sign-in %s', (breach, response) => {
	expect(breachOf(signIn, response, false)).toContain(breach);
});
