import { describe, expect, test } from 'vitest';
import { functions } from '../../functions/index.ts';
import { routesOf } from '../../kit/declare/declare.ts';
import { eventually, faults, post, visit } from './setup/visitor.ts';

describe('every function', () => {
	const services = functions
		.filter(({ api }) => api)
		.map((declaration) => [declaration.name, routesOf(declaration)[0] ?? ''] as const);

	test.each([...services, ['gateway', '/'] as const])(
		'%s answers /health and /ready on its own route',
		async (service) => {
			expect((await visit(service, '/health')).json).toEqual({ status: 'ok' });
			expect((await visit(service, '/ready')).json).toEqual({ status: 'ready' });
		},
	);

	test.each(services)('%s answers 404 to an unknown path and 405 to an unknown method', async (service, path) => {
		expect((await visit(service, '/api/nonsense')).status).toBe(404);
		const wrong = await visit(service, path, { method: 'PATCH' });
		expect([wrong.status, wrong.headers['content-type']]).toEqual([405, 'application/problem+json; charset=utf-8']);
		expect(wrong.headers['allow']).toMatch(/GET/);
	});

	test.each(services)('%s allows requests from pages of any origin, without credentials', async (service, path) => {
		const answer = await visit(service, path, { method: 'OPTIONS', headers: { origin: 'https://elsewhere.example' } });
		expect(answer.status).toBe(204);
		expect(answer.headers['access-control-allow-origin']).toBe('*');
		expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
	});
});

describe('bad input', () => {
	test('answers 400 to malformed JSON', async () => {
		expect((await post('/api/users', '{"name": "Ada"')).status).toBe(400);
	});

	test('answers 415 to a body that is not JSON', async () => {
		expect((await post('/api/users', 'name=Ada', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(
			415,
		);
	});

	test('answers 413 to a body of more than 100 kB', async () => {
		expect((await post('/api/users', { name: 'x'.repeat(100_001) })).status).toBe(413);
	});

	test('answers 422 to invalid fields and names each of them', async () => {
		const answer = await post('/api/users', { email: 'nowhere', name: '' });
		expect(answer.status).toBe(422);
		expect(answer.json.errors.map(({ field }: { field: string }) => field).sort()).toEqual([
			'body.email',
			'body.name',
			'body.password',
		]);
		expect(answer.json.traceId).toMatch(/^[0-9a-f]{32}$/);
	});
});

test('serves the page with a content security policy that blocks everything by default', async () => {
	const { status, text, headers } = await visit('gateway', '/');
	expect([status, text.includes('<title>')]).toEqual([200, true]);
	expect(headers['content-security-policy']).toContain("default-src 'none'");
	const script = /src="(\/main-[A-Z0-9]{8}\.js)"/.exec(text)?.[1] ?? '';
	expect((await visit('gateway', script)).headers['cache-control']).toContain('immutable');
});

test('answers 503 while the database is down, and recovers by itself', async () => {
	expect((await visit('event-log', '/ready')).status).toBe(200);
	await faults.crashDatabase();
	const worse: string[] = [];
	await eventually('the event log answers again', async () => {
		const { status, text } = await visit('event-log', '/api/events?limit=1');
		if (status !== 200 && status !== 503) worse.push(`${status} ${text}`);
		return status === 200 && (await visit('event-log', '/ready')).status === 200;
	});
	expect(worse).toEqual([]);
});

test('/api/map lists every function, and /api/functions reports past numbers of instances', async () => {
	const { json } = await visit('gateway', '/api/map');
	expect(json.map(({ name }: { name: string }) => name)).toEqual(functions.map(({ name }) => name));
	await visit('gateway', '/api/docs');
	const reference = await eventually('the history of reference has an instance', async () => {
		const states = (await visit('gateway', '/api/functions')).json as {
			name: string;
			history: { instances: number }[];
		}[];
		return states.find(({ name, history }) => name === 'reference' && history.some(({ instances }) => instances > 0));
	});
	expect(reference).toMatchObject({ path: '/api/openapi.json' });
});
