import type { ICronJob } from 'kubernetes-models/batch/v1';
import { retentionOf } from '../../../database/retention/settings.ts';
import { remover } from '../../../database/roles.ts';
import { type Deployment, secretsOf } from '../deployment.ts';
import { labelsOf } from '../object.ts';
import { secretName } from '../secret.ts';
import { container, isolated, secretVariable } from '../serving/container.ts';
import { archiving } from './archive.ts';
import { nightly } from './nightly.ts';

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
	return nightly(
		{ name: remover, labels },
		// Before the backup, whose dump is then the smaller one.
		{ schedule: '17 1 * * *', hours: 6 },
		{ labels, annotations: secretsOf(deployment) },
		{
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
					volumeMounts: archive.mounts,
				},
			],
			volumes: archive.volumes,
		},
	);
}
