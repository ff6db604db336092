import { createServer } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { targetsOf } from '../../kit/declare/declare.ts';
import { environmentOf } from '../../kit/declare/environment.ts';
import manifest from '../../package.json' with { type: 'json' };
import { shop } from '../../shop.ts';
import { sampleShop } from '../../tests/library/library.ts';
import { roleUrl } from '../../tests/run/owner.ts';
import { freshDatabase, listen, recordedLog, type Serving, serving } from '../../tests/testing.ts';
import type { FunctionShape, FunctionState, Info } from './api.ts';
import { compose } from './compose.ts';
import info from './function.ts';
import * as http from './http.ts';

/** Serves the function on a laptop whose runner has this URL. */
function serveInfo(runnerUrl: string, databaseUrl = 'postgresql://nobody@127.0.0.1:1/none'): Promise<Serving> {
	const [target] = targetsOf(info);
	const told = environmentOf(target as NonNullable<typeof target>, sampleShop, { url: () => '', sink: '' });
	const env = { ...told, RUNNER_URL: runnerUrl, DATABASE_URL: databaseUrl, K_REVISION: 'info-laptop' };
	return serving(info, { http }, { env });
}

test('lists every target of every function with its state from the laptop’s runner', async () => {
	recordedLog();
	const at = '2026-01-05T09:00:00.000Z';
	const known = { cold_starts: [{ at, ms: 62 }], history: [{ at, instances: 2 }] };
	const seen: Record<string, unknown> = {
		shelves: { state: 'ready', instances: 2, requests: 7, ...known },
		'fines-events': { state: 'starting', instances: 0, requests: 0, cold_starts: [], history: [] },
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
	expect(states.map(({ name }) => name)).toEqual(sampleShop.flatMap(targetsOf).map(({ name }) => name));
	const stateOf = (wanted: string): FunctionState | undefined => states.find(({ name }) => name === wanted);
	expect(stateOf('shelves')).toMatchObject({
		function: 'shelves',
		signature: 'http',
		state: 'ready',
		instances: 2,
		requests: 7,
		path: '/api/shelves',
		...known,
	});
	expect(stateOf('fines-events')).toMatchObject({
		function: 'fines',
		signature: 'cloudevent',
		state: 'starting',
		path: null,
	});
	expect(stateOf('loans')).toMatchObject({ state: 'zero', instances: 0, requests: 0, cold_starts: [], history: [] });
	expect(stateOf('loans')?.purpose).toBe(sampleShop.find(({ name }) => name === 'loans')?.purpose);

	seen['shelves'] = { state: 'ready', instances: 1, requests: 8, ...known };
	expect(await (await fetch('/api/functions')).json()).toContainEqual(
		expect.objectContaining({ name: 'shelves', instances: 1, requests: 8 }),
	);

	status = 500;
	expect((await fetch('/api/functions')).status).toBe(503);
	runner.closeAllConnections();
	runner.close();
	expect((await fetch('/api/functions')).status).toBe(503);
});

test('returns the version, platform, database and functions of the shop', async () => {
	const runner = await listen(createServer((_req, res) => void res.end('{"shelves":{"state":"ready","instances":1}}')));
	const { fetch } = await serveInfo(runner, roleUrl(await freshDatabase(), 'info'));
	const told = (await (await fetch('/api/info')).json()) as Info;
	expect(told).toMatchObject({
		name: shop.name,
		version: manifest.version,
		revision: 'info-laptop',
		runs_on: { platform: 'laptop', node: process.version, kubernetes: null, knative: null },
		database: { version: expect.stringMatching(/^18\b/) },
	});
	expect(told.database?.size).toBeGreaterThan(1_000_000);
	expect(told.functions).toHaveLength(sampleShop.flatMap(targetsOf).length);
	expect(told.functions).toContainEqual(expect.objectContaining({ name: 'shelves', state: 'ready' }));
});

test('returns a null database and the rest of the information when the database does not answer', async () => {
	const { fetch } = await serveInfo(await listen(createServer((_req, res) => void res.end('{}'))));
	const answer = await fetch('/api/info');
	expect(answer.status).toBe(200);
	expect((await answer.json()) as Info).toMatchObject({ name: shop.name, database: null });
});

test('the map shows what each function declares, and that the gateway calls all functions with a path', async () => {
	const { fetch } = await serveInfo('http://127.0.0.1:1');
	const map = (await (await fetch('/api/map')).json()) as FunctionShape[];
	expect(map.map(({ name }) => name)).toEqual(sampleShop.map(({ name }) => name));
	const of = (wanted: string): FunctionShape | undefined => map.find(({ name }) => name === wanted);
	expect(of('loans')).toEqual({
		name: 'loans',
		purpose: expect.any(String),
		path: '/api/loans',
		data: true,
		calls: ['shelves'],
		emits: ['dev.bodega.loan.requested'],
		reacts: [
			{ type: 'dev.bodega.copy.missing', trigger: 'loans-on-copy-missing' },
			{ type: 'dev.bodega.fine.issued', trigger: 'loans-on-fine-issued' },
		],
		wakes: [{ operation: 'POST /api/loans', services: ['shelves', 'shelves-events', 'fines-events', 'loans-events'] }],
		schedule: null,
		dead_letters: false,
	});
	expect(of('relay')).toMatchObject({ path: null, schedule: '* * * * *' });
	expect(of('event-log')).toMatchObject({ dead_letters: true });
	expect(of('gateway')?.calls).toEqual(expect.arrayContaining(['shelves', 'info']));
	expect(of('gateway')?.calls).not.toContain('relay');
});

test('queries each container with Compose, and does not count one that does not answer', async () => {
	let requests = 3;
	const shelves = await listen(
		createServer((req, res) => void res.end(req.url === '/stats' && JSON.stringify({ requests }))),
	);
	const platform = compose({ shelves, loans: 'http://127.0.0.1:1', fines: 'http://nowhere.invalid' });
	vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-02T03:04:05Z') });
	onTestFinished(() => void vi.useRealTimers());
	const at = new Date().toISOString();
	const outcomes = { errors: 0, durations: expect.any(Array) };
	const none = {
		state: 'zero',
		instances: 0,
		requests: 0,
		...outcomes,
		cold_starts: [],
		history: [{ at, instances: 0 }],
	};
	const one = {
		state: 'ready',
		instances: 1,
		requests: 3,
		...outcomes,
		cold_starts: [],
		history: [{ at, instances: 1 }],
	};
	expect(Object.fromEntries(await platform.observe())).toEqual({ shelves: one, loans: none, fines: none });
	requests = 4;
	expect((await platform.observe()).get('shelves')).toEqual(one);
	vi.setSystemTime(Date.now() + 2000);
	expect((await platform.observe()).get('shelves')).toEqual({ ...one, requests: 4 });
	expect(await platform.versions()).toEqual({ kubernetes: null, knative: null });
});
