import type { ICronJob } from 'kubernetes-models/batch/v1';
import { retentionOf } from '../../../database/retention/settings.ts';
import { remover } from '../../../database/roles.ts';
import { type Deployment, secretsOf } from '../deployment.ts';
import { labelsOf } from '../object.ts';
import { secretName } from '../secret.ts';
import { container, isolated, scratch, secretVariable } from '../serving/container.ts';
import { archiving } from './archive.ts';

/**
 * Returns the CronJob that removes old events, and what their archive needs. It has the password of a role that can do nothing else,
 * and alone the key of the archive's store.
 */
export function retention(deployment: Deployment): [ICronJob, ...ReturnType<typeof archiving>['objects']] {
	const archive = archiving(deployment);
	return [cronJob(deployment, archive), ...archive.objects];
}

function cronJob(deployment: Deployment, archive: ReturnType<typeof archiving>): ICronJob {
	const labels = labelsOf(remover, 'migration');
	return {
		apiVersion: 'batch/v1',
		kind: 'CronJob',
		metadata: { name: remover, labels },
		spec: {
			// Before the backup, whose dump is then the smaller one.
			schedule: '17 1 * * *',
			timeZone: 'Etc/UTC',
			concurrencyPolicy: 'Forbid',
			// `bodega stop` suspends the CronJob, and a deployment resumes it.
			suspend: false,
			startingDeadlineSeconds: 12 * 3600,
			successfulJobsHistoryLimit: 1,
			failedJobsHistoryLimit: 3,
			jobTemplate: {
				metadata: { labels },
				spec: {
					backoffLimit: 2,
					activeDeadlineSeconds: 6 * 3600,
					template: {
						metadata: { labels, annotations: secretsOf(deployment) },
						spec: {
							// With OnFailure, a failed Pod and its logs would be deleted.
							restartPolicy: 'Never',
							...isolated(),
							...archive.pod,
							containers: [
								{
									name: remover,
									args: ['/app/function.cjs', 'retain'],
									...container(deployment.image('migrate'), [
										secretVariable('DATABASE_URL', secretName.database(remover)),
										{ name: 'RETENTION_DAYS', value: String(retentionOf(deployment.env ?? {})) },
										...archive.env,
									]),
									volumeMounts: [scratch.mount, ...archive.mounts],
								},
							],
							volumes: [scratch.volume, ...archive.volumes],
						},
					},
				},
			},
		},
	};
}
