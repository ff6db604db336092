import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { IService } from 'kubernetes-models/v1';
import { maxConnections } from '../../../database/connections.ts';
import type { Declaration } from '../../../kit/declare/declare.ts';
import { type Deployment, profileOf } from '../deployment.ts';
import { metadata } from '../object.ts';
import { databaseClients, podsOf, policy } from '../policy.ts';
import { secretName } from '../secret.ts';
import { isolated, restricted, scratch, secretVariable } from '../serving/container.ts';
import { mostOf } from '../serving/profile.ts';
import { database, postgresImage } from './database.ts';

const { user } = postgresImage;
const meta = metadata(database.service, database.service, 'database');
const { labels } = meta;

/** Returns Postgres 18: a single instance, whose volume claim outlives its Pods. */
export function postgres(
	functions: readonly Declaration[],
	deployment: Deployment,
): [IService, IStatefulSet, INetworkPolicy] {
	const { postgres: size, storage } = profileOf(deployment);
	const ready = { exec: { command: ['pg_isready', '-h', '127.0.0.1', '-U', database.owner, '-d', database.name] } };
	return [
		{
			apiVersion: 'v1',
			kind: 'Service',
			metadata: meta,
			spec: { selector: labels, ports: [{ name: 'postgres', port: database.port, targetPort: 'postgres' }] },
		},
		{
			apiVersion: 'apps/v1',
			kind: 'StatefulSet',
			metadata: meta,
			spec: {
				serviceName: database.service,
				replicas: 1,
				selector: { matchLabels: labels },
				template: {
					metadata: { labels },
					spec: {
						...isolated(user),
						containers: [
							{
								name: 'postgres',
								image: postgresImage.name,
								args: [
									`max_connections=${maxConnections(functions, (fn) => mostOf(fn, profileOf(deployment)))}`,
									`shared_buffers=${size.sharedBuffers}`,
								].flatMap((setting) => ['-c', setting]),
								env: [
									{ name: 'POSTGRES_USER', value: database.owner },
									{ name: 'POSTGRES_DB', value: database.name },
									secretVariable('POSTGRES_PASSWORD', secretName.owner),
									// Sets UTF-8 sorted by code point, as on the laptop. Overrides the image's locale.
									{ name: 'LANG', value: 'C.UTF-8' },
								],
								ports: [{ name: 'postgres', containerPort: database.port }],
								// Probes over TCP, because the image's initialization runs a temporary server on the socket only.
								startupProbe: { ...ready, periodSeconds: 1, failureThreshold: 120 },
								readinessProbe: { ...ready, periodSeconds: 5, timeoutSeconds: 3 },
								livenessProbe: { ...ready, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
								resources: { requests: size.requests, limits: size.limits },
								securityContext: restricted(user),
								volumeMounts: [
									// The image stores the data of each major version in a subfolder.
									{ name: 'data', mountPath: '/var/lib/postgresql' },
									{ name: 'socket', mountPath: '/var/run/postgresql' },
									scratch.mount,
								],
							},
						],
						volumes: [scratch.volume, { name: 'socket', emptyDir: {} }],
					},
				},
				volumeClaimTemplates: [
					{
						metadata: { name: 'data', labels },
						spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: storage.data } } },
					},
				],
			},
		},
		policy(meta, podsOf('database'), {
			ingress: [{ from: databaseClients(functions), ports: [{ port: database.port }] }],
		}),
	];
}
