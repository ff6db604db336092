import { expect, test } from 'vitest';
import { post } from '../acceptance/setup/visitor.ts';
import { bodega, succeed } from './bodega.ts';

test('a dry run finds nothing to change after a deployment', async () => {
	expect(await succeed(['deploy', '--dry-run'])).toBe(
		'# The cluster is up to date: a deployment would change nothing.\n',
	);
});

test('doctor finds no fault, and status lists each function', async () => {
	const findings = JSON.parse(await succeed(['doctor', '--json']));
	expect(findings.map(({ name }: { name: string }) => name)).toContain('Knative Eventing');
	expect(findings.filter(({ state }: { state: string }) => state === 'failed')).toEqual([]);
	const status = JSON.parse(await succeed(['status', '--json']));
	expect(status).toMatchObject({ ready: true, database: { max_connections: expect.any(Number) } });
	expect(status.functions.find(({ name }: { name: string }) => name === 'gateway').url).toMatch(/^http:\/\/gateway\./);
});

test('logs names the functions to choose from', async () => {
	expect(await bodega(['logs', 'shoes'])).toMatchObject({ code: 2, errors: expect.stringContaining('gateway') });
});

test('a stopped shop preserves its data', async () => {
	const account = { email: `night-${Date.now()}@example.com`, name: 'Ada', password: 'outlive the night' };
	expect((await post('/api/users', account)).status).toBe(201);
	await succeed(['stop']);
	const stopped = await bodega(['status', '--json']);
	expect(stopped.code).toBe(5);
	const { functions } = JSON.parse(stopped.output);
	expect(functions.map(({ state }: { state: string }) => state)).toEqual(functions.map(() => 'not ready'));
	await succeed(['start', '--on', 'cluster']);
	expect((await post('/api/users/session', account)).status).toBe(200);
});
