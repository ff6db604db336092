import { createServer } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { urlOf } from '../../database/roles.ts';
import { targetsOf } from '../../kit/declare/declare.ts';
import { environmentOf } from '../../kit/declare/environment.ts';
import manifest from '../../package.json' with { type: 'json' };
import { freshDatabase, listen, recordedLog, type Serving, serving } from '../../tests/testing.ts';
import { functions } from '../index.ts';
import type { FunctionShape, FunctionState, Info } from './api.ts';
import { compose } from './compose.ts';
import info from './function.ts';
import * as http from './http.ts';

/** Serves the function on a laptop whose runner has this URL. */
function serveInfo(runnerUrl: string, databaseUrl = 'postgresql://nobody@127.0.0.1:1/none'): Promise<Serving> {
	const [target] = targetsOf(info);
	const told = environmentOf(target as NonNullable<typeof target>, functions, { url: () => '', sink: '' });
	const env = { ...told, RUNNER_URL: runnerUrl, DATABASE_URL: databaseUrl, K_REVISION: 'info-laptop' };
	return serving(info, { http }, { env });
}

test('lists every target of every function with its state from the laptop’s runner', async () => {
	recordedLog();
	const at = '2026-01-05T09:00:00.000Z';
	const known = { cold_starts: [{ at, ms: 62 }], history: [{ at, instances: 2 }] };
	const seen: Record<string, unknown> = {
		books: { state: 'ready', instances: 2, requests: 7, ...known },
		'billing-events': { state: 'starting', instances: 0, requests: 0, cold_starts: [], history: [] },
		stranger: { state: 'ready', instances: 1, requests: 1, ...known },
	};
	let status = 200;
	const paths: (string | undefined)[] = [];
	const runner = createServer((req, res) => {
		paths.push(req.url);
		res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(seen));
	});
	const { fetch } = await serveInfo(await listen(runner));

	const answer = await fetch('/api/functions');
	expect(answer.status).toBe(200);
	expect(paths).toEqual(['/functions']);
	const states = (await answer.json()) as FunctionState[];
	expect(states.map(({ name }) => name)).toEqual(functions.flatMap(targetsOf).map(({ name }) => name));
	const stateOf = (wanted: string): FunctionState | undefined => states.find(({ name }) => name === wanted);
	expect(stateOf('books')).toMatchObject({
		function: 'books',
		signature: 'http',
		state: 'ready',
		instances: 2,
		requests: 7,
		path: '/api/books',
		...known,
	});
	expect(stateOf('billing-events')).toMatchObject({
		function: 'billing',
		signature: 'cloudevent',
		state: 'starting',
		path: null,
	});
	expect(stateOf('orders')).toMatchObject({ state: 'zero', instances: 0, requests: 0, cold_starts: [], history: [] });
	expect(stateOf('orders')?.purpose).toBe(functions.find(({ name }) => name === 'orders')?.purpose);

	seen['books'] = { state: 'ready', instances: 1, requests: 8, ...known };
	expect(await (await fetch('/api/functions')).json()).toContainEqual(
		expect.objectContaining({ name: 'books', instances: 1, requests: 8 }),
	);

	status = 500;
	expect((await fetch('/api/functions')).status).toBe(503);
	runner.closeAllConnections();
	runner.close();
	expect((await fetch('/api/functions')).status).toBe(503);
});

test('returns the version, platform, database and functions of the shop', async () => {
	const runner = await listen(createServer((_req, res) => void res.end('{"books":{"state":"ready","instances":1}}')));
	const { fetch } = await serveInfo(runner, urlOf(await freshDatabase(), 'info'));
	const told = (await (await fetch('/api/info')).json()) as Info;
	expect(told).toMatchObject({
		name: 'bodega',
		version: manifest.version,
		revision: 'info-laptop',
		runs_on: { platform: 'laptop', node: process.version, kubernetes: null, knative: null },
		database: { version: expect.stringMatching(/^18\b/) },
	});
	expect(told.database?.size).toBeGreaterThan(1_000_000);
	expect(told.functions).toHaveLength(functions.flatMap(targetsOf).length);
	expect(told.functions).toContainEqual(expect.objectContaining({ name: 'books', state: 'ready' }));
});

test('returns a null database and the rest of the information when the database does not answer', async () => {
	const { fetch } = await serveInfo(await listen(createServer((_req, res) => void res.end('{}'))));
	const answer = await fetch('/api/info');
	expect(answer.status).toBe(200);
	expect((await answer.json()) as Info).toMatchObject({ name: 'bodega', database: null });
});

test('the map shows what each function declares, and that the gateway calls all functions with a path', async () => {
	const { fetch } = await serveInfo('http://127.0.0.1:1');
	const map = (await (await fetch('/api/map')).json()) as FunctionShape[];
	expect(map.map(({ name }) => name)).toEqual(functions.map(({ name }) => name));
	const of = (wanted: string): FunctionShape | undefined => map.find(({ name }) => name === wanted);
	expect(of('orders')).toEqual({
		name: 'orders',
		purpose: expect.any(String),
		path: '/api/orders',
		data: true,
		calls: ['books'],
		emits: ['dev.bodega.order.placed'],
		reacts: [
			{ type: 'dev.bodega.stock.rejected', trigger: 'orders-on-stock-rejected' },
			{ type: 'dev.bodega.invoice.issued', trigger: 'orders-on-invoice-issued' },
			{ type: 'dev.bodega.account.deleted', trigger: 'orders-on-account-deleted' },
		],
		schedule: null,
		dead_letters: false,
	});
	expect(of('relay')).toMatchObject({ path: null, schedule: '* * * * *' });
	expect(of('event-log')).toMatchObject({ dead_letters: true });
	expect(of('gateway')?.calls).toEqual(expect.arrayContaining(['books', 'info']));
	expect(of('gateway')?.calls).not.toContain('relay');
});

test('queries each container with Compose, and does not count one that does not answer', async () => {
	let requests = 3;
	const books = await listen(
		createServer((req, res) => void res.end(req.url === '/stats' && JSON.stringify({ requests }))),
	);
	const platform = compose({ books, orders: 'http://127.0.0.1:1', billing: 'http://nowhere.invalid' });
	vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-02T03:04:05Z') });
	onTestFinished(() => void vi.useRealTimers());
	const at = new Date().toISOString();
	const none = { state: 'zero', instances: 0, requests: 0, cold_starts: [], history: [{ at, instances: 0 }] };
	const one = { state: 'ready', instances: 1, requests: 3, cold_starts: [], history: [{ at, instances: 1 }] };
	expect(Object.fromEntries(await platform.observe())).toEqual({ books: one, orders: none, billing: none });
	requests = 4;
	expect((await platform.observe()).get('books')).toEqual(one);
	vi.setSystemTime(Date.now() + 2000);
	expect((await platform.observe()).get('books')).toEqual({ ...one, requests: 4 });
	expect(await platform.versions()).toEqual({ kubernetes: null, knative: null });
});
