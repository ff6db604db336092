import { maxConnections } from '../../../database/connections.ts';
import type { Declaration } from '../../../kit/declare/declare.ts';
import { type Deployment, profileOf } from '../deployment.ts';
import { type KubernetesObject, metadata } from '../object.ts';
import { databaseClients, dns, inNamespace, kubernetesApi, policy } from '../policy.ts';
import { secretName } from '../secret.ts';
import { mostOf } from '../serving/profile.ts';
import { database } from './database.ts';

/** The port where an instance reports its status to the operator and to other instances. */
const statusPort = 8000;

/** Selects the Pods of the Cluster, including those that set up an instance. */
const pods = { podSelector: { matchLabels: { 'cnpg.io/cluster': database.service } } };

/**
 * Returns a Postgres run by CloudNativePG: one primary, and as many standbys as the profile says. CloudNativePG makes
 * its own backups (a ScheduledBackup) and its own disruption budget.
 */
export function cloudnativePg(functions: readonly Declaration[], deployment: Deployment): KubernetesObject[] {
	const { postgres, storage } = profileOf(deployment);
	const { requests, limits } = postgres;
	const meta = metadata(database.service, database.service, 'database');
	const cluster = {
		apiVersion: 'postgresql.cnpg.io/v1',
		kind: 'Cluster',
		metadata: meta,
		spec: {
			imageName: 'ghcr.io/cloudnative-pg/postgresql:18-standard-trixie',
			instances: postgres.instances,
			// The network policies of the functions select its Pods by these labels.
			inheritedMetadata: { labels: meta.labels },
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
	};
	return [
		cluster,
		policy(meta, pods, {
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
