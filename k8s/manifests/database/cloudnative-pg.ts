import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { maxConnections } from '../../../database/connections.ts';
import type { Declaration } from '../../../kit/declare/declare.ts';
import { type KubernetesObject, labelsOf, metadata } from '../object.ts';
import { type Place, profileOf } from '../place.ts';
import { databaseClients, dns, inNamespace, kubernetesApi, policy } from '../policy.ts';
import { secretName } from '../secret.ts';
import { mostOf } from '../serving/profile.ts';
import { database } from './database.ts';

/** A Cluster of CloudNativePG (postgresql.cnpg.io/v1), as far as it is used here. */
interface Cluster extends KubernetesObject {
	readonly spec: Readonly<Record<string, unknown>>;
}

/** The port at which an instance tells the operator and the others how it is. */
const statusPort = 8000;

/** The pods of it, those that make an instance too. */
const pods = { podSelector: { matchLabels: { 'cnpg.io/cluster': database.service } } };

/**
 * Postgres by CloudNativePG: one instance that writes, and by the profile others that take its place. Its backups are its own
 * (a ScheduledBackup), and so is its disruption budget.
 */
export function cloudnativePg(functions: readonly Declaration[], place: Place): [Cluster, INetworkPolicy] {
	const { postgres, storage } = profileOf(place);
	const { requests, limits } = postgres;
	return [
		{
			apiVersion: 'postgresql.cnpg.io/v1',
			kind: 'Cluster',
			metadata: metadata(database.service, database.service, 'database'),
			spec: {
				imageName: 'ghcr.io/cloudnative-pg/postgresql:18-standard-trixie',
				instances: postgres.instances,
				// By them the policies of the functions know its pods.
				inheritedMetadata: { labels: labelsOf(database.service, 'database') },
				bootstrap: {
					initdb: {
						database: database.name,
						owner: database.owner,
						secret: { name: secretName.basicAuth },
						encoding: 'UTF8',
						localeCollate: 'C.UTF-8',
						localeCType: 'C.UTF-8',
						// Each function has a role of its own, which the migration makes.
						postInitSQL: [`alter role ${database.owner} createrole`],
					},
				},
				postgresql: {
					parameters: {
						max_connections: String(maxConnections(functions, (fn) => mostOf(fn, profileOf(place)))),
						shared_buffers: postgres.sharedBuffers,
					},
				},
				resources: { requests, limits },
				storage: { size: storage.data },
			},
		},
		policy(metadata(database.service, database.service, 'database'), pods, {
			ingress: [
				{ from: databaseClients(functions), ports: [{ port: database.port }] },
				{
					from: [pods, inNamespace('cnpg-system', { matchLabels: { 'app.kubernetes.io/name': 'cloudnative-pg' } })],
					ports: [{ port: database.port }, { port: statusPort }],
				},
			],
			egress: [dns, { to: [pods], ports: [{ port: database.port }, { port: statusPort }] }, kubernetesApi],
		}),
	];
}
