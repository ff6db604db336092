import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { IService } from 'kubernetes-models/v1';
import { monitor } from '../../database/roles.ts';
import { type Deployment, secretsOf } from '../manifests/deployment.ts';
import { secretName } from '../manifests/secret.ts';
import { container, secretVariable, user } from '../manifests/serving/container.ts';
import { httpProbe, partLabels, partMetadata, partService, podSecurity, portOf } from './component.ts';

/** Returns the metrics exporter. It is not a function, because scrapes would never let it scale to zero. */
export const exporter = (deployment: Deployment): [IService, IDeployment] => [
	partService('metrics'),
	{
		apiVersion: 'apps/v1',
		kind: 'Deployment',
		metadata: partMetadata('metrics'),
		spec: {
			replicas: 1,
			selector: { matchLabels: partLabels('metrics') },
			template: {
				metadata: { labels: partLabels('metrics'), annotations: secretsOf(deployment) },
				spec: {
					...podSecurity(user),
					automountServiceAccountToken: false,
					containers: [
						{
							name: 'metrics',
							...container(
								deployment.image('metrics'),
								[secretVariable('DATABASE_URL', secretName.database(monitor))],
								128,
							),
							ports: [{ name: 'http', containerPort: portOf.metrics }],
							readinessProbe: httpProbe('metrics', '/health'),
							livenessProbe: { ...httpProbe('metrics', '/health'), periodSeconds: 30 },
						},
					],
				},
			},
		},
	},
];
