import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { maxConnections } from '../../../database/connections.ts';
import type { Declaration } from '../../../kit/declare/declare.ts';
import { type Deployment, profileOf } from '../deployment.ts';
import { type KubernetesObject, labelsOf, metadata } from '../object.ts';
import { databaseClients, dns, inNamespace, kubernetesApi, policy } from '../policy.ts';
import { secretName } from '../secret.ts';
import { mostOf } from '../serving/profile.ts';
import { database } from './database.ts';

/** A Cluster of CloudNativePG (postgresql.cnpg.io/v1), with the fields used here. */
interface Cluster extends KubernetesObject {
	readonly spec: Readonly<Record<string, unknown>>;
}

/** The port where an instance reports its status to the operator and to other instances. */
const statusPort = 8000;

/** Selects the Pods of the Cluster, including those that set up an instance. */
const pods = { podSelector: { matchLabels: { 'cnpg.io/cluster': database.service } } };

/**
 * Returns a Postgres run by CloudNativePG: one primary, and as many standbys as the profile says. CloudNativePG makes
 * its own backups (a ScheduledBackup) and its own disruption budget.
 */
export function cloudnativePg(functions: readonly Declaration[], deployment: Deployment): [Cluster, INetworkPolicy] {
	const { postgres, storage } = profileOf(deployment);
	const { requests, limits } = postgres;
	return [
		{
			apiVersion: 'postgresql.cnpg.io/v1',
			kind: 'Cluster',
			metadata: metadata(database.service, database.service, 'database'),
			spec: {
				imageName: 'ghcr.io/cloudnative-pg/postgresql:18-standard-trixie',
				instances: postgres.instances,
				// The network policies of the functions select its Pods by these labels.
				inheritedMetadata: { labels: labelsOf(database.service, 'database') },
				bootstrap: {
					initdb: {
						database: database.name,
						owner: database.owner,
						secret: { name: secretName.basicAuth },
						encoding: 'UTF8',
						localeCollate: 'C.UTF-8',
						localeCType: 'C.UTF-8',
						// The migration connects as the owner and creates a role for each function.
						postInitSQL: [`alter role ${database.owner} createrole`],
					},
				},
				postgresql: {
					parameters: {
						max_connections: String(maxConnections(functions, (fn) => mostOf(fn, profileOf(deployment)))),
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
