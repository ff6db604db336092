import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { freshDatabase, recordedLog, serving } from '../../tests/testing.ts';
import { contract } from '../declare/contract.ts';
import { declare } from '../declare/declare.ts';
import { implement } from './http.ts';
import { TextBody } from './text-body.ts';

const Thing = z.object({ id: z.int(), name: z.string() });
const id = z.coerce.number().int().min(1);
const api = contract('/api/things', {
	listThings: {
		method: 'GET',
		path: '/',
		summary: 'All',
		query: z.object({ limit: z.coerce.number().int().max(10).default(3) }),
		returns: z.array(Thing),
	},
	addThing: {
		method: 'POST',
		path: '/',
		summary: 'Adds',
		body: z.object({
			name: z.string().min(1),
			parts: z.array(z.object({ weight: z.number().positive() })).default([]),
		}),
		status: 201,
		returns: Thing,
	},
	getThing: { method: 'GET', path: '/:id', summary: 'One', params: z.object({ id }), returns: Thing },
	removeThing: {
		method: 'DELETE',
		path: '/:id',
		summary: 'Removes',
		access: 'admin',
		params: z.object({ id }),
		status: 204,
	},
	nameOf: {
		method: 'GET',
		path: '/named/:name',
		summary: 'Its name',
		params: z.object({ name: z.string() }),
		returns: z.string(),
	},
	exportThings: {
		method: 'GET',
		path: '/as/table',
		summary: 'All, optionally as CSV',
		query: z.object({ fail: z.string().optional() }),
		returns: z.array(Thing),
		alternatives: ['text/csv'],
	},
	breakThing: { method: 'POST', path: '/:id/break', summary: 'Fails', params: z.object({ id }) },
	dishonest: {
		method: 'GET',
		path: '/:id/lie',
		summary: 'Breaks its contract',
		params: z.object({ id }),
		returns: Thing,
	},
	countThings: {
		method: 'GET',
		path: '/:id/count',
		summary: 'Queries the database',
		params: z.object({ id }),
		returns: z.int(),
	},
});
const things = declare({ name: 'things', purpose: 'A test function.', api, data: true, bodyLimit: 5_000 });

const added: string[] = [];

async function* lines(fail: string | undefined): AsyncGenerator<string> {
	yield 'id,name\r\n';
	if (fail) throw new Error('the cupboard is locked');
	yield '1,one\r\n';
}

const operations = implement(api, {
	listThings: ({ query: { limit } }) =>
		[1, 2, 3, 4].slice(0, limit).map((each) => ({ id: each, name: `thing ${each}` })),
	addThing({ body: { name } }, _context, exchange) {
		added.push(name);
		exchange.header('location', '/api/things/5');
		return { id: 5, name };
	},
	getThing: ({ params }) => ({ id: params.id, name: `thing ${params.id}` }),
	removeThing: () => undefined,
	nameOf: ({ params: { name } }) => name,
	exportThings: ({ query: { fail } }, _context, { mediaType }) =>
		mediaType === 'text/csv' ? new TextBody('text/csv', lines(fail)) : [{ id: 1, name: 'one' }],
	breakThing() {
		throw new Error('the secret password is hunter2', { cause: new Error('the cupboard is locked') });
	},
	dishonest: () => ({ id: 1.5, name: 'half' }),
	countThings: async (_input, { db }) => (await db.query<{ count: number }>('select 1 as count')).rows[0]?.count ?? 0,
});

/** By default there is no database. Only `countThings` and `/ready` query it, and it connects with the first query. */
const serveThings = (databaseUrl = 'postgresql://nobody@127.0.0.1:1/none') =>
	serving(things, { http: { operations } }, { env: { DATABASE_URL: databaseUrl } });

interface ProblemBody {
	title: string;
	status: number;
	detail: string;
	errors?: { field: string; detail: string }[];
	traceId: string;
}

async function problemOf(answer: Response): Promise<ProblemBody> {
	expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
	expect(answer.headers.get('cache-control')).toBe('no-store');
	const body = (await answer.json()) as ProblemBody;
	expect(body).toMatchObject({
		type: 'about:blank',
		status: answer.status,
		traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
	});
	return body;
}

/** Sends a request verbatim, which `fetch` would normalize, and returns the complete response. */
async function raw(url: string, lines: string[], body = ''): Promise<string> {
	const socket = connect(Number(new URL(url).port), '127.0.0.1');
	socket.write(`${[...lines, 'host: shop', 'connection: close'].join('\r\n')}\r\n\r\n${body}`);
	return text(socket);
}

test('answers a GET in JSON, with or without a trailing slash', async () => {
	const { fetch } = await serveThings();
	const answer = await fetch('/api/things?limit=1');
	expect(answer.status).toBe(200);
	expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
	expect(await answer.json()).toEqual([{ id: 1, name: 'thing 1' }]);
	expect(await (await fetch('/api/things/')).json()).toHaveLength(3);
	expect(await (await fetch('/api/things/7/')).json()).toEqual({ id: 7, name: 'thing 7' });
});

test('answers in JSON unless the client prefers an alternative', async () => {
	const { fetch } = await serveThings();
	const typeFor = async (accept: string): Promise<string | null> =>
		(await fetch('/api/things/as/table', { headers: { accept } })).headers.get('content-type');
	for (const accept of ['*/*', 'application/json, text/csv;q=0.9', 'image/png', 'text/csv;q=0.1, */*'])
		expect([accept, await typeFor(accept)]).toEqual([accept, 'application/json; charset=utf-8']);
	for (const accept of ['text/csv', 'text/*', 'text/csv, application/json;q=0.9', 'text/csv, */*;q=0.1'])
		expect([accept, await typeFor(accept)]).toEqual([accept, 'text/csv; charset=utf-8']);
	const headers = { accept: 'text/csv' };
	const answer = await fetch('/api/things/as/table', { headers });
	expect([answer.headers.get('vary'), await answer.text()]).toEqual(['accept', 'id,name\r\n1,one\r\n']);
	const head = await fetch('/api/things/as/table', { headers, method: 'HEAD' });
	expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([
		200,
		'text/csv; charset=utf-8',
		'',
	]);
});

test('breaks off a text that fails, so that no client takes it for complete', async () => {
	const log = recordedLog();
	const { fetch } = await serveThings();
	const csv = fetch('/api/things/as/table?fail=1', { headers: { accept: 'text/csv' } });
	await expect(csv.then((answer) => answer.text())).rejects.toThrow();
	expect(log.find(({ severity }) => severity === 'ERROR')?.['error']).toContain('the cupboard is locked');
	expect((await fetch('/health')).status).toBe(200);
});

test('rejects a repeated parameter that must have a single value', async () => {
	const { fetch } = await serveThings();
	const answer = await fetch('/api/things?limit=1&limit=2');
	expect((await problemOf(answer)).errors?.map(({ field }) => field)).toEqual(['query.limit']);
});

test('answers a HEAD like its GET, without the body', async () => {
	const { fetch } = await serveThings();
	const [get, head] = [await fetch('/api/things/1'), await fetch('/api/things/1', { method: 'HEAD' })];
	expect([head.status, await head.text()]).toEqual([200, '']);
	for (const name of ['content-type', 'content-length', 'etag'])
		expect(head.headers.get(name)).toBe(get.headers.get(name));
});

test('answers 304 when the client already has the content', async () => {
	const { fetch } = await serveThings();
	const first = await fetch('/api/things/1');
	const etag = first.headers.get('etag') ?? '';
	expect(etag).toMatch(/^".+"$/);
	expect(first.headers.get('cache-control')).toBe('no-cache');
	const again = await fetch('/api/things/1', { headers: { 'if-none-match': etag } });
	expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, '']);
	expect((await fetch('/api/things/2', { headers: { 'if-none-match': etag } })).status).toBe(200);
});

test('answers 405 with the allowed methods to another method', async () => {
	const { fetch } = await serveThings();
	const list = await fetch('/api/things', { method: 'PUT', body: {} });
	expect([list.status, list.headers.get('allow')]).toEqual([405, 'GET, POST, HEAD, OPTIONS']);
	await problemOf(list);
	const one = await fetch('/api/things/1', { method: 'PATCH', body: {} });
	expect([one.status, one.headers.get('allow')]).toEqual([405, 'GET, DELETE, HEAD, OPTIONS']);
});

test('answers 404 at an unknown path', async () => {
	const { fetch } = await serveThings();
	for (const path of ['/', '/api', '/api/thingss', '/api/things/1/2/3']) {
		const answer = await fetch(path);
		expect([path, answer.status]).toEqual([path, 404]);
		await problemOf(answer);
	}
});

test('ignores a host in the request target', async () => {
	const { url, fetch } = await serveThings();
	expect(await raw(url, ['GET // HTTP/1.1'])).toMatch(/^HTTP\/1.1 404/);
	expect(await raw(url, ['GET //[ HTTP/1.1'])).toMatch(/^HTTP\/1.1 404/);
	expect(await raw(url, ['GET http://[/api/things HTTP/1.1'])).toMatch(/^HTTP\/1.1 200/);
	expect(await raw(url, ['GET http://elsewhere/api/things HTTP/1.1'])).toMatch(/^HTTP\/1.1 200/);
	expect(await raw(url, ['OPTIONS * HTTP/1.1'])).toMatch(/^HTTP\/1.1 404/);
	expect((await fetch('/health')).status).toBe(200);
});

test('percent-decodes a path, and answers 400 when that fails', async () => {
	const { fetch } = await serveThings();
	expect(await (await fetch('/api/things/named/caf%C3%A9%2Fbar%3F')).json()).toBe('café/bar?');
	for (const path of ['/api/things/named/%', '/api/things/named/%zz', '/api/things/named/%C3']) {
		const answer = await fetch(path);
		expect([path, answer.status]).toEqual([path, 400]);
		await problemOf(answer);
	}
});

test('answers 400 to a body that is not JSON, and 415 to another content type', async () => {
	const { fetch } = await serveThings();
	for (const body of ['{"name": ', 'text', '{name: 1}']) {
		const malformed = await fetch('/api/things', { method: 'POST', body });
		expect([body, malformed.status]).toEqual([body, 400]);
		expect((await problemOf(malformed)).detail).toMatch(/^The body is not JSON/);
	}
	for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
		const wrong = await fetch('/api/things', {
			method: 'POST',
			headers: { 'content-type': type },
			body: '{"name":"a"}',
		});
		expect([type, wrong.status]).toEqual([type, 415]);
		expect((await problemOf(wrong)).detail).toContain(type);
	}
	const parameters = { 'content-type': 'application/json; charset=utf-8' };
	expect((await fetch('/api/things', { method: 'POST', headers: parameters, body: '{"name":"a"}' })).status).toBe(201);
});

test('answers 422 to a missing body', async () => {
	const { fetch } = await serveThings();
	for (const headers of [{}, { 'content-type': 'application/json' }] as Record<string, string>[]) {
		const answer = await fetch('/api/things', { method: 'POST', headers });
		expect(answer.status).toBe(422);
		expect((await problemOf(answer)).errors?.map(({ field }) => field)).toEqual(['body']);
	}
});

test('answers 422 with each invalid field', async () => {
	const { fetch } = await serveThings();
	const body = { name: '', parts: [{ weight: 1 }, { weight: -1 }, {}] };
	const wrong = await problemOf(await fetch('/api/things', { method: 'POST', body }));
	expect(wrong.status).toBe(422);
	expect(wrong.errors?.map(({ field }) => field)).toEqual(['body.name', 'body.parts.1.weight', 'body.parts.2.weight']);
	for (const { field, detail } of wrong.errors ?? []) expect(wrong.detail).toContain(`${field}: ${detail}`);
	expect((await problemOf(await fetch('/api/things?limit=many'))).errors?.map(({ field }) => field)).toEqual([
		'query.limit',
	]);
	expect((await problemOf(await fetch('/api/things/none'))).errors?.map(({ field }) => field)).toEqual(['params.id']);
});

test('rejects U+0000, which Postgres cannot store, with a 422 that names the field', async () => {
	const { fetch } = await serveThings();
	const parts = [{ weight: 1 }];
	const body = await fetch('/api/things', { method: 'POST', body: { name: 'a\0b', parts } });
	const path = await fetch('/api/things/named/%00');
	const fields = async (answer: Response) => (await problemOf(answer)).errors?.map(({ field }) => field);
	expect([body.status, await fields(body)]).toEqual([422, ['body.name']]);
	expect([path.status, await fields(path)]).toEqual([422, ['params.name']]);
	// Another invalid field does not hide it.
	const both = await fetch('/api/things', { method: 'POST', body: { name: 'a\0b', parts: [{ weight: -1 }] } });
	expect([both.status, await fields(both)]).toEqual([422, ['body.parts.0.weight', 'body.name']]);
});

test('rejects half of a surrogate pair, which Postgres cannot store, with a 422 that names the field', async () => {
	const { fetch } = await serveThings();
	for (const name of ['a\ud800', '\udc00\ud800']) {
		const answer = await fetch('/api/things', { method: 'POST', body: { name, parts: [{ weight: 1 }] } });
		expect((await problemOf(answer)).errors?.map(({ field }) => field)).toEqual(['body.name']);
		expect(answer.status).toBe(422);
	}
	expect((await fetch('/api/things', { method: 'POST', body: { name: '😀' } })).status).toBe(201);
});

test('answers 413 to a body whose stated length exceeds the limit', async () => {
	const { fetch } = await serveThings();
	const fits = JSON.stringify({ name: 'x' }).padEnd(things.bodyLimit);
	expect((await fetch('/api/things', { method: 'POST', body: fits })).status).toBe(201);
	const large = await fetch('/api/things', { method: 'POST', body: `${fits} ` });
	expect(large.status).toBe(413);
	expect((await problemOf(large)).detail).toBe('The body has 5001 bytes; this function takes at most 5000 bytes.');
});

test('answers 413 to a chunked body beyond the limit, and does not process the part before it', async () => {
	const { url, fetch } = await serveThings();
	const chunked = (...chunks: string[]): Promise<string> =>
		raw(
			url,
			['POST /api/things HTTP/1.1', 'content-type: application/json', 'transfer-encoding: chunked'],
			[...chunks, ''].map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join(''),
		);
	added.length = 0;
	const fits = JSON.stringify({ name: 'x' }).padEnd(things.bodyLimit);
	expect(await chunked(fits)).toMatch(/^HTTP\/1.1 201/);
	expect(await chunked(fits, ' '.repeat(100))).toMatch(/^HTTP\/1.1 413/);
	expect(await chunked(fits, ' ')).toMatch(/^HTTP\/1.1 413/);
	expect(added).toEqual(['x']);
	expect((await fetch('/health')).status).toBe(200);
});

test('answers 415 to a compressed body, which can expand a thousandfold', async () => {
	const { url, fetch } = await serveThings();
	const bomb = gzipSync(JSON.stringify({ name: 'x' }).padEnd(1_000_000));
	expect(bomb.length).toBeLessThan(things.bodyLimit);
	const sent = request(`${url}/api/things`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', 'content-length': bomb.length },
	});
	sent.end(bomb);
	const [answer] = await once(sent, 'response');
	expect([answer.statusCode, answer.headers['accept-encoding']]).toEqual([415, 'identity']);
	answer.resume();
	expect((await fetch('/health')).status).toBe(200);
});

test('allows pages of any origin to call it, without credentials', async () => {
	const { fetch } = await serveThings();
	const headers = { origin: 'https://elsewhere.example', 'access-control-request-method': 'DELETE' };
	const preflight = await fetch('/api/things/1', { method: 'OPTIONS', headers });
	expect([preflight.status, await preflight.text()]).toEqual([204, '']);
	expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, DELETE, HEAD, OPTIONS');
	expect(preflight.headers.get('allow')).toBe('GET, DELETE, HEAD, OPTIONS');
	for (const name of ['Authorization', 'Content-Type', 'Idempotency-Key', 'Prefer'])
		expect(preflight.headers.get('access-control-allow-headers')).toContain(name);
	for (const answer of [
		preflight,
		await fetch('/api/things', { headers }),
		await fetch('/api/things/x', { headers }),
	]) {
		expect(answer.headers.get('access-control-allow-origin')).toBe('*');
		expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
	}
	expect((await fetch('/api/things', { headers })).headers.get('access-control-expose-headers')).toContain('Location');
	expect((await fetch('/nowhere', { method: 'OPTIONS', headers })).status).toBe(404);
});

test('answers an unexpected error with a 500 that leaks nothing, and logs it with its cause', async () => {
	const log = recordedLog();
	const { fetch } = await serveThings();
	const answer = await fetch('/api/things/1/break', { method: 'POST' });
	expect(answer.status).toBe(500);
	const problem = await problemOf(answer);
	expect(JSON.stringify(problem)).not.toMatch(/hunter2|cupboard|\.ts|at /);
	const line = log.find(({ severity }) => severity === 'ERROR');
	expect(line).toMatchObject({ status: 500, trace: problem.traceId });
	expect(line?.['error']).toMatch(
		/the secret password is hunter2(.|\n)+http\.test\.ts(.|\n)+caused by: Error: the cupboard is locked/,
	);
});

test('answers 500 when a response violates the contract', async () => {
	const log = recordedLog();
	const { fetch } = await serveThings();
	expect((await fetch('/api/things/1/lie')).status).toBe(500);
	expect(log.find(({ severity }) => severity === 'ERROR')?.['error']).toContain(
		'the response of dishonest violates its contract',
	);
});

test('continues the trace of a request, also of one with a body, and starts a new trace without one', async () => {
	const log = recordedLog();
	const { fetch } = await serveThings();
	const traceId = '0af7651916cd43dd8448eb211c80319c';
	const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
	expect(
		(await problemOf(await fetch('/api/things/1/break', { method: 'POST', headers, body: { a: 1 } }))).traceId,
	).toBe(traceId);
	expect(log.find(({ severity }) => severity === 'ERROR')?.['trace']).toBe(traceId);
	for (const traceparent of ['nonsense', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`])
		expect((await problemOf(await fetch('/api/things/x', { headers: { traceparent } }))).traceId).not.toMatch(
			/^(nonsense|0{32})/,
		);
	const [one, other] = [await problemOf(await fetch('/nowhere')), await problemOf(await fetch('/nowhere'))];
	expect(one.traceId).not.toBe(other.traceId);
});

/** Starts a proxy to a database whose connections can be cut and restored, as by a restart of the server. */
async function cuttable(
	databaseUrl: string,
): Promise<{ url: string; cut: () => Promise<unknown>; mend: () => Promise<unknown> }> {
	const url = new URL(databaseUrl);
	const target = { host: url.hostname, port: Number(url.port) };
	const sockets = new Set<Socket>();
	const server = createServer((near) => {
		const far = connect(target);
		for (const socket of [near, far]) {
			sockets.add(socket.on('error', () => {}));
			socket.once('close', () => sockets.delete(socket));
		}
		near.pipe(far).pipe(near);
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const { port } = server.address() as AddressInfo;
	url.port = String(port);
	const cut = (): Promise<unknown> => {
		const closed = new Promise((resolve) => server.close(resolve));
		for (const socket of sockets) socket.destroy();
		return closed;
	};
	onTestFinished(() => void cut());
	return { url: url.href, cut, mend: () => once(server.listen(port, '127.0.0.1'), 'listening') };
}

test('is healthy but not ready while the database is unavailable, and recovers by itself', async () => {
	recordedLog();
	const database = await cuttable(await freshDatabase());
	const { fetch } = await serveThings(database.url);
	const ready = await fetch('/ready');
	expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
	expect(await (await fetch('/api/things/1/count')).json()).toBe(1);
	await database.cut();
	for (const path of ['/ready', '/api/things/1/count']) {
		const answer = await fetch(path);
		expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
		expect((await problemOf(answer)).detail).toMatch(/^The database does not answer/);
	}
	const health = await fetch('/health');
	expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
	expect((await fetch('/api/things')).status).toBe(200);
	await database.mend();
	expect((await fetch('/ready')).status).toBe(200);
	expect(await (await fetch('/api/things/1/count')).json()).toBe(1);
});
