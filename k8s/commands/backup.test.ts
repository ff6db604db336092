import { expect, test } from 'vitest';
import { functions } from '../../functions/index.ts';
import { lastNightly } from '../cluster/nightly.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import { stale } from '../kubectl/prune.ts';
import { backup, backups } from '../manifests/database/backup.ts';
import { postgres } from '../manifests/database/postgres.ts';
import { restoring } from '../manifests/database/restoring.ts';

const deployment = { namespace: 'shop', image: String };

const script = (): string => {
	const [, job] = backup(deployment);
	return job.spec?.jobTemplate.spec?.template.spec?.containers[0]?.command?.at(-1) ?? '';
};

test('a dump gets its final name, and old dumps are deleted, only after a test restore has succeeded', () => {
	const order = [
		'pg_dump',
		'pg_restore --exit-on-error',
		'select 1 / count(*) as admin',
		'mv "$file.part" "$file"',
		'-delete',
	];
	const places = order.map((part) => script().indexOf(part));
	expect(places).not.toContain(-1);
	expect(places).toEqual(places.toSorted((a, b) => a - b));
	expect(script()).toMatch(/^set -euo pipefail\n/);
});

test('the nightly check restores with the same script as bodega restore', () => {
	expect(script()).toContain(restoring('"$file.part"', 'checked'));
});

test('the backup Job can reach only the database, and nothing can reach the Job', () => {
	const [, , own] = backup(deployment);
	expect(own.spec?.policyTypes).toEqual(['Egress']);
	expect(own.spec?.egress?.flatMap(({ to }) => to ?? [])).toEqual([
		{ podSelector: { matchLabels: { 'app.kubernetes.io/component': 'database' } } },
	]);
	const [, , policy] = postgres(functions, deployment);
	expect(policy.spec?.ingress?.[0]?.from).toContainEqual({
		podSelector: { matchLabels: { 'app.kubernetes.io/component': 'backup' } },
	});
});

/** Returns a fake client that lists these objects for every query. */
const cluster = (...objects: unknown[]): Kubectl => ({ namespace: 'shop', list: async () => objects }) as never;

test.each([
	['has not run yet', {}, true],
	['succeeded', { lastScheduleTime: '2026-11-25T02:41:00Z', lastSuccessfulTime: '2026-11-25T02:41:09Z' }, true],
	['is running', { lastScheduleTime: '2026-11-25T02:41:00Z', active: [{}] }, true],
	['failed', { lastScheduleTime: '2026-11-25T02:41:00Z', lastSuccessfulTime: '2026-11-24T02:41:09Z' }, false],
	['failed the first time', { lastScheduleTime: '2026-11-25T02:41:00Z' }, false],
])('bodega status reports a nightly backup that %s', async (_how, status, ready) => {
	expect(await lastNightly(cluster({ status }))).toMatchObject({ kind: 'CronJob', ready });
});

test('pruning never deletes a volume claim', async () => {
	const asked: string[] = [];
	const list = async (kinds: string): Promise<unknown[]> => {
		asked.push(kinds);
		return [];
	};
	const run = async (): Promise<string> => 'cronjobs.batch\npersistentvolumeclaims\n';
	await stale({ namespace: 'shop', list, run } as never, []);
	expect(asked).toEqual(['cronjobs.batch']);
	expect(backup(deployment)[0].metadata?.name).toBe(backups.claim);
});
