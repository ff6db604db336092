import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { functions } from '../index.ts';
import { targetsOf } from '../kit/declare.ts';
import { environmentOf } from '../kit/environment.ts';
import { listen, recordedLog, serving } from '../kit/testing.ts';
import type { FunctionState } from './api.ts';
import info from './function.ts';
import * as http from './http.ts';

test('every target of every function is told of, with what the runner of the laptop sees of it', async () => {
	recordedLog();
	const seen: Record<string, unknown> = {
		books: { state: 'ready', instances: 2, requests: 7, cold_start_ms: 61.5 },
		'billing-events': { state: 'starting', instances: 0, requests: 0, cold_start_ms: null },
		stranger: { state: 'ready', instances: 1, requests: 1, cold_start_ms: 1 },
	};
	let status = 200;
	const paths: (string | undefined)[] = [];
	const runner = createServer((req, res) => {
		paths.push(req.url);
		res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(seen));
	});
	const [target] = targetsOf(info);
	const told = environmentOf(target as NonNullable<typeof target>, functions, { url: () => '', sink: '' });
	const { fetch } = await serving(info, { http }, { env: { ...told, RUNNER_URL: await listen(runner) } });

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
		cold_start_ms: 61.5,
	});
	expect(stateOf('billing-events')).toMatchObject({ function: 'billing', signature: 'cloudevent', state: 'starting' });
	expect(stateOf('orders')).toMatchObject({ state: 'zero', instances: 0, requests: 0, cold_start_ms: null });
	expect(stateOf('orders')?.purpose).toBe(functions.find(({ name }) => name === 'orders')?.purpose);

	seen['books'] = { state: 'ready', instances: 1, requests: 8, cold_start_ms: 61.5 };
	expect(await (await fetch('/api/functions')).json()).toContainEqual(
		expect.objectContaining({ name: 'books', instances: 1, requests: 8 }),
	);

	status = 500;
	expect((await fetch('/api/functions')).status).toBe(503);
	runner.closeAllConnections();
	runner.close();
	expect((await fetch('/api/functions')).status).toBe(503);
});
