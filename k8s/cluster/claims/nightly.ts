import type { ICronJob } from 'kubernetes-models/batch/v1';
import { Failure } from '../../kubectl/failure.ts';
import { type Kubectl, named } from '../../kubectl/kubectl.ts';
import { step } from '../../kubectl/progress.ts';
import { backups } from '../../manifests/database/backup.ts';
import { oursSelector } from '../../manifests/object.ts';
import { reader } from '../../manifests/reader.ts';
import type { Readiness } from '../readiness.ts';

/**
 * Calls `use` with a nightly dump's path and a Pod that mounts the dumps. Deletes the Pod afterwards.
 * @param wanted the dump's date, or true for the newest
 * @throws {Failure} that lists the dumps, if there is none of that date
 */
export async function withNightly(
	kubectl: Kubectl,
	wanted: string | true,
	use: (pod: string, path: string) => Promise<void>,
): Promise<void> {
	const pod = `backup-reader-${process.pid}`;
	const inNamespace = ['-n', kubectl.namespace];
	if (!(await kubectl.list('persistentvolumeclaims', ...named(backups.claim))).length)
		throw new Failure('usage', `The namespace ${kubectl.namespace} has no nightly backups.`);
	try {
		const names = await step('nightly backups', async () => {
			await kubectl.apply([reader(pod)]);
			await kubectl.run(['wait', `pod/${pod}`, ...inNamespace, '--for=condition=Ready', '--timeout=120s']);
			const listed = await kubectl.run(['exec', pod, ...inNamespace, '--', 'ls', backups.folder]);
			return listed.split('\n').filter((name) => name.endsWith('.dump'));
		});
		const name = wanted === true ? names.at(-1) : names.findLast((each) => each.includes(wanted));
		if (!name)
			throw new Failure(
				'usage',
				`Found no nightly backup${wanted === true ? '' : ` of ${wanted}`}. The nightly backups are: ${names.join(', ') || 'none yet'}`,
			);
		await step(name, () => use(pod, `${backups.folder}/${name}`));
	} finally {
		await kubectl.cleanUp(['delete', 'pod', pod, ...inNamespace, '--ignore-not-found', '--wait=false']);
	}
}

/**
 * Returns how the last runs of CronJobs went: the nightly backup and its check, or the removal of old events. Only `bodega status`
 * asks: a failed run blocks no deployment.
 */
export async function lastNightly(kubectl: Kubectl, names: readonly string[]): Promise<Readiness[]> {
	const found = await kubectl.list<ICronJob>('cronjobs.batch', '-l', oursSelector);
	return names.map((name) => {
		const known = { kind: 'CronJob', name };
		const cronJob = found.find(({ metadata }) => metadata?.name === name);
		if (!cronJob) return { ...known, ready: false, failed: false, reason: 'it does not exist' };
		const { active, lastScheduleTime: begun = '', lastSuccessfulTime: done = '' } = cronJob.status ?? {};
		if (done >= begun || active?.length) return { ...known, ready: true, failed: false };
		return {
			...known,
			ready: false,
			failed: true,
			reason: `the run of ${begun} failed; ${done ? `the last one that succeeded is of ${done}` : 'none has succeeded yet'}. See why: kubectl -n ${kubectl.namespace} logs -l app.kubernetes.io/name=${name} --tail=-1`,
		};
	});
}
