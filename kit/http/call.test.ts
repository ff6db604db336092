import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { listen } from '../../tests/testing.ts';
import { contract } from '../declare/contract.ts';
import { declare } from '../declare/declare.ts';
import { Context } from '../serve/context.ts';
import { traced } from '../trace/trace.ts';
import { callOperation } from './call.ts';
import { Problem } from './problem.ts';

const Cup = z.object({ id: z.string(), full: z.boolean() });
const params = z.object({ id: z.string() });
const api = contract('/api/cups', {
	list: {
		method: 'GET',
		path: '/',
		summary: 'All',
		query: z.object({ limit: z.number().optional() }),
		returns: z.array(Cup),
	},
	get: { method: 'GET', path: '/:id', summary: 'One', params, returns: Cup },
	add: { method: 'POST', path: '/', summary: 'Adds', body: z.object({ id: z.string() }), status: 201, returns: Cup },
	remove: { method: 'DELETE', path: '/:id', summary: 'Removes', params, status: 204 },
});
const { list, get, add, remove } = api.operations;

type Answer = (req: IncomingMessage, res: ServerResponse) => void;
const json =
	(status: number, body: unknown): Answer =>
	(_req, res) =>
		void res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const hangUp: Answer = (req) => void req.socket.destroy();

/** Starts a function that sends these responses, one after the other, and records the requests. */
async function cups(
	...answers: Answer[]
): Promise<{ url: string; asked: string[]; headers: IncomingMessage['headers'][] }> {
	const asked: string[] = [];
	const headers: IncomingMessage['headers'][] = [];
	const server = createServer(async (req, res) => {
		const body = (await req.setEncoding('utf8').toArray()).join('');
		asked.push(`${req.method} ${req.url}${body && ` ${body}`}`);
		headers.push(req.headers);
		(answers.shift() ?? json(500, {}))(req, res);
	});
	return { url: await listen(server), asked, headers };
}

const failure = async (work: Promise<unknown>): Promise<Problem> => {
	const error = await work.catch((thrown: unknown) => thrown);
	expect(error).toBeInstanceOf(Problem);
	return error as Problem;
};

test('calls an operation by its contract, and continues the trace', async () => {
	const other = await cups(
		json(200, []),
		json(200, { id: 'a/b?', full: true }),
		json(201, { id: 'c', full: false }),
		(_req, res) => void res.writeHead(204).end(),
	);
	const { url } = other;
	const traceId = '0af7651916cd43dd8448eb211c80319c';
	await traced(`00-${traceId}-b7ad6b7169203331-01`, '/', async () => {
		expect(await callOperation('cups', url, api, list, { query: { limit: 2 } })).toEqual({
			ok: true,
			status: 200,
			body: [],
		});
		expect(await callOperation('cups', url, api, get, { params: { id: 'a/b?' } })).toMatchObject({
			ok: true,
			body: { id: 'a/b?' },
		});
		expect(await callOperation('cups', url, api, add, { body: { id: 'c' } })).toMatchObject({
			status: 201,
			body: { full: false },
		});
		expect(await callOperation('cups', url, api, remove, { params: { id: 'c' } })).toEqual({
			ok: true,
			status: 204,
			body: undefined,
		});
	});
	expect(other.asked).toEqual([
		'GET /api/cups?limit=2',
		'GET /api/cups/a%2Fb%3F',
		'POST /api/cups {"id":"c"}',
		'DELETE /api/cups/c',
	]);
	for (const { traceparent } of other.headers) expect(traceparent).toContain(traceId);
	expect(other.headers[2]?.['content-type']).toBe('application/json');
});

test('returns a 4xx problem to the caller', async () => {
	const problem = { title: 'Not Found', status: 404 };
	const { url, asked } = await cups(json(404, problem));
	expect(await callOperation('cups', url, api, get, { params: { id: 'x' } })).toEqual({
		ok: false,
		status: 404,
		problem,
	});
	expect(asked).toHaveLength(1);
});

test('throws a 503 that names an unavailable function, and has the reason only as its cause', async () => {
	const problem = await failure(callOperation('cups', 'http://127.0.0.1:1', api, get, { params: { id: 'x' } }));
	expect(problem).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
	expect(problem.message).toContain('"cups"');
	expect(problem.cause).toBeInstanceOf(Error);
	const { url } = await cups(json(500, { detail: 'secret' }), (_req, res) => void res.end('no JSON'));
	const broken = await failure(callOperation('cups', url, api, get, { params: { id: 'x' } }));
	expect(broken.status).toBe(503);
	expect(broken.message).not.toContain('secret');
	expect((broken.cause as Error).message).toContain('cups answered 500');
	expect((await failure(callOperation('cups', url, api, get, { params: { id: 'x' } }))).status).toBe(503);
});

test('retries a GET once when its connection fails', async () => {
	const healed = await cups(hangUp, json(200, { id: 'x', full: true }));
	expect(await callOperation('cups', healed.url, api, get, { params: { id: 'x' } })).toMatchObject({ ok: true });
	expect(healed.asked).toHaveLength(2);
	const broken = await cups(hangUp, hangUp, json(200, { id: 'x', full: true }));
	expect((await failure(callOperation('cups', broken.url, api, get, { params: { id: 'x' } }))).status).toBe(503);
	expect(broken.asked).toHaveLength(2);
	const wrong = await cups(json(503, {}), json(200, { id: 'x', full: true }));
	expect((await failure(callOperation('cups', wrong.url, api, get, { params: { id: 'x' } }))).status).toBe(503);
	expect(wrong.asked).toHaveLength(1);
});

test('does not retry a request that can have had an effect', async () => {
	const other = await cups(hangUp, hangUp);
	expect((await failure(callOperation('cups', other.url, api, add, { body: { id: 'x' } }))).status).toBe(503);
	expect((await failure(callOperation('cups', other.url, api, remove, { params: { id: 'x' } }))).status).toBe(503);
	expect(other.asked).toEqual(['POST /api/cups {"id":"x"}', 'DELETE /api/cups/x']);
});

test('calls only the functions that the declaration lists', async () => {
	const config = {
		target: 'tea',
		port: 0,
		host: undefined,
		databaseUrl: undefined,
		sink: undefined,
		settings: {},
		env: {},
	};
	const purpose = 'A test function.';
	const functionUrls = { cups: 'http://127.0.0.1:1' };
	const stranger = new Context(declare({ name: 'tea', purpose }), { ...config, functionUrls });
	expect(() => stranger.call(api, 'get', { params: { id: 'x' } })).toThrow(
		'is not allowed to call /api/cups: list it in the declaration',
	);
	const friend = new Context(declare({ name: 'tea', purpose, calls: { cups: api } }), { ...config, functionUrls });
	expect((await failure(friend.call(api, 'get', { params: { id: 'x' } }))).status).toBe(503);
});
