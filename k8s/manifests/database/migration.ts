import { hash } from 'node:crypto';
import type { IJob } from 'kubernetes-models/batch/v1';
import { type Deployment, secretsOf } from '../deployment.ts';
import { labelsOf, metadata } from '../object.ts';
import { secretName } from '../secret.ts';
import { container, isolated, secretVariable } from '../serving/container.ts';

/**
 * Returns the migration Job. A Job cannot be changed once it exists, so its name contains a hash of its spec: a new
 * image makes a new Job. The migration is safe to run again.
 */
export function migration(deployment: Deployment): IJob {
	const spec = {
		backoffLimit: 5,
		ttlSecondsAfterFinished: 24 * 3600,
		template: {
			metadata: { labels: labelsOf('migrate', 'migration'), annotations: secretsOf(deployment) },
			spec: {
				restartPolicy: 'OnFailure',
				...isolated(),
				containers: [
					{
						name: 'migrate',
						...container(deployment.image('migrate'), [
							secretVariable('DATABASE_URL', secretName.owner),
							secretVariable('ROLE_SECRET', secretName.owner),
							{ name: 'OWN_SERVER', value: String(deployment.choices?.database !== 'external') },
							secretVariable('ADMIN_PASSWORD', secretName.admin),
						]),
					},
				],
			},
		},
	} satisfies IJob['spec'];
	const name = `migrate-${hash('sha256', JSON.stringify(spec)).slice(0, 12)}`;
	return { apiVersion: 'batch/v1', kind: 'Job', metadata: metadata(name, 'migrate', 'migration'), spec };
}
