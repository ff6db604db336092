import { createHash } from 'node:crypto';
import type { IJob } from 'kubernetes-models/batch/v1';
import { type Deployment, secretsOf } from '../deployment.ts';
import { labelsOf, metadata } from '../object.ts';
import { secretName } from '../secret.ts';
import { container, scratch, secretVariable } from '../serving/container.ts';

/**
 * Returns the migration Job. A Job cannot be changed once it exists, so its name contains a hash of its spec: a new
 * image makes a new Job. The migration is safe to run again.
 */
export function migration(deployment: Deployment): IJob {
	const { image } = deployment;
	const spec = {
		backoffLimit: 5,
		ttlSecondsAfterFinished: 24 * 3600,
		template: {
			metadata: { labels: labelsOf('migrate', 'migration'), annotations: secretsOf(deployment) },
			spec: {
				restartPolicy: 'OnFailure',
				automountServiceAccountToken: false,
				enableServiceLinks: false,
				securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
				containers: [
					{
						name: 'migrate',
						...container(image('migrate'), [
							secretVariable('DATABASE_URL', secretName.owner),
							secretVariable('ADMIN_PASSWORD', secretName.admin),
						]),
					},
				],
				volumes: [scratch.volume],
			},
		},
	} satisfies IJob['spec'];
	const hash = createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 12);
	return { apiVersion: 'batch/v1', kind: 'Job', metadata: metadata(`migrate-${hash}`, 'migrate', 'migration'), spec };
}
