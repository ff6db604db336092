import { expect, test } from 'vitest';
import { functions } from '../../functions/index.ts';
import { lastNightly } from '../cluster/claims/nightly.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import { stale } from '../kubectl/prune.ts';
import { backup, backups, nightlyJobs } from '../manifests/database/backup.ts';
import { postgres } from '../manifests/database/postgres.ts';
import { restoring } from '../manifests/database/restoring.ts';

const deployment = { namespace: 'shop', image: String };

const [claim, dumps, dumpPolicy, checks, checkPolicy] = backup(functions, deployment);
const containerOf = (job: typeof dumps) => job.spec?.jobTemplate.spec?.template.spec?.containers[0];
const scriptOf = (job: typeof dumps): string => containerOf(job)?.command?.at(-1) ?? '';

/** Expects that a script has these parts in this order. */
function ordered(script: string, parts: readonly string[]): void {
	const places = parts.map((part) => script.indexOf(part));
	expect(places).not.toContain(-1);
	expect(places).toEqual(places.toSorted((a, b) => a - b));
	expect(script).toMatch(/^set -euo pipefail\n/);
}

test('a dump gets its final name, and old dumps are deleted, only after a test restore has succeeded', () => {
	ordered(scriptOf(dumps), ['pg_dump', 'mv "$file.part" "$file.unchecked"']);
	expect(scriptOf(dumps)).not.toContain("'*.dump'");
	ordered(scriptOf(checks), ['--single-transaction', 'select 1 / count(*) as admin', 'mv "$unchecked"', '-delete']);
});

test('a dump waits at most a minute for the lock of a table', () => {
	expect(scriptOf(dumps)).toMatch(/pg_dump .*--lock-wait-timeout=60s /);
});

test('the nightly check restores with the same script as bodega restore', () => {
	expect(scriptOf(checks)).toContain(restoring('"$unchecked"', 'checked', functions));
});

test('a dump contains no signing keys, and a restore takes none from an older dump', () => {
	expect(scriptOf(dumps)).toContain('--exclude-table-data=users.signing_keys');
	expect(scriptOf(checks)).toContain('TABLE DATA users signing_keys');
});

test('the dump can reach only the database, the check nothing, and nothing can reach them', () => {
	expect(dumpPolicy.spec?.egress?.flatMap(({ to }) => to ?? [])).toEqual([
		{ podSelector: { matchLabels: { 'app.kubernetes.io/component': 'database' } } },
	]);
	expect(checkPolicy.spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'] });
	expect([checkPolicy.spec?.ingress ?? [], checkPolicy.spec?.egress ?? []]).toEqual([[], []]);
	expect(JSON.stringify(containerOf(checks))).not.toContain('DATABASE_URL');
	const [, , policy] = postgres(functions, deployment);
	const clients = JSON.stringify(policy.spec?.ingress?.[0]?.from);
	expect(clients).toContain('"backup"');
	expect(clients).not.toContain('backup-check');
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
	const jobs = [dumps, checks].map(({ metadata }) => ({ metadata, status }));
	expect((await lastNightly(cluster(...jobs), nightlyJobs)).map((job) => job.ready)).toEqual([ready, ready]);
	expect((await lastNightly(cluster(jobs[0]), nightlyJobs)).map((job) => job.ready)).toEqual([ready, false]);
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
	expect(claim.metadata?.name).toBe(backups.claim);
});
