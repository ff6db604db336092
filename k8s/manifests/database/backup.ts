import type { ICronJob } from 'kubernetes-models/batch/v1';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { IEnvVar, IPersistentVolumeClaim, IPodSpec } from 'kubernetes-models/v1';
import type { Declaration } from '../../../kit/declare/declare.ts';
import { type Deployment, profileOf } from '../deployment.ts';
import { labelsOf, metadata } from '../object.ts';
import { backupChecks, backupDumps, dns, podsOf, policy, toDatabase } from '../policy.ts';
import { secretName } from '../secret.ts';
import { isolated, restricted, scratch, secretVariable } from '../serving/container.ts';
import { checking } from './checking.ts';
import { postgresImage } from './database.ts';
import { dumpOptions } from './dumping.ts';
import { nightly } from './nightly.ts';

const { user } = postgresImage;

/** The storage of the nightly dumps: the claim's name, its mount folder, and how many days a dump is stored. */
export const backups = { claim: 'backups', folder: '/backups', days: 7 } as const;

/** The CronJobs of a night, in their order. */
export const nightlyJobs = [backupDumps, backupChecks] as const;

/** The volume of the nightly dumps, and its mount in a container. */
export const backupVolume = {
	volume: { name: 'backups', persistentVolumeClaim: { claimName: backups.claim } },
	mount: { name: 'backups', mountPath: backups.folder },
} as const;

/**
 * Runs a Pod with the claim on the node of the others that have it. A `ReadWriteOnce` claim can be mounted on one node at a
 * time, so on another node the dump would wait for a check that waits for the dump. The first Pod can run anywhere, because
 * it matches its own term.
 */
export const besideOtherBackups = {
	affinity: {
		podAffinity: {
			requiredDuringSchedulingIgnoredDuringExecution: [
				{
					labelSelector: { matchLabels: { 'app.kubernetes.io/component': 'backup' } },
					topologyKey: 'kubernetes.io/hostname',
				},
			],
		},
	},
} satisfies Partial<IPodSpec>;

/**
 * Dumps the database. The dump is named `.part` until it is complete, and `.unchecked` until the check renames it. Waits for
 * the server first, because network policies can reach a new Pod late. Deletes what earlier nights left unfinished.
 */
const dumping = (functions: readonly Declaration[]): string => `set -euo pipefail
find ${backups.folder} \\( -name '*.part' -o -name '*.unchecked' \\) -mmin +720 -delete
file=${backups.folder}/bodega-$(date -u +%Y-%m-%dT%H%MZ).dump
trap 'rm -f "$file.part"' EXIT
for _ in $(seq 60); do pg_isready --quiet --dbname="$DATABASE_URL" && break; sleep 1; done
pg_dump ${dumpOptions(functions).join(' ')} --file="$file.part" "$DATABASE_URL"
mv "$file.part" "$file.unchecked"
ls -l ${backups.folder}
`;

/**
 * Returns the nightly backup: a claim for a week of dumps, a CronJob that dumps the database, and one that checks the dump.
 * The check runs the code of the dump. So it has no URL of the database, and its Pod can reach nothing.
 */
export const backup = (
	functions: readonly Declaration[],
	deployment: Deployment,
): [IPersistentVolumeClaim, ICronJob, INetworkPolicy, ICronJob, INetworkPolicy] => [
	{
		apiVersion: 'v1',
		kind: 'PersistentVolumeClaim',
		metadata: metadata(backups.claim, backupDumps, 'backup'),
		spec: {
			accessModes: ['ReadWriteOnce'],
			resources: { requests: { storage: profileOf(deployment).storage.backups } },
		},
	},
	scripted(backupDumps, { minute: 41, hours: 2 }, dumping(functions), [
		secretVariable('DATABASE_URL', secretName.owner),
	]),
	policy(metadata(backupDumps, backupDumps, 'backup'), podsOf('backup', [backupDumps]), {
		egress: [dns, toDatabase(deployment)],
	}),
	// Later, so that it seldom waits for the dump. It does wait, for as long as the dump can take.
	scripted(backupChecks, { minute: 51, hours: 6 }, checking(backups, functions)),
	policy(metadata(backupChecks, backupChecks, 'backup'), podsOf('backup', [backupChecks]), {}, ['Ingress', 'Egress']),
];

/** Returns a CronJob that runs a script at 2 o'clock and `minute`, and ends it after `hours`. */
function scripted(
	name: string,
	{ minute, hours }: { minute: number; hours: number },
	script: string,
	env: IEnvVar[] = [],
): ICronJob {
	const labels = labelsOf(name, 'backup');
	return nightly(
		{ name, labels },
		{ schedule: `${minute} 2 * * *`, hours },
		{ labels },
		{
			...isolated(user),
			...besideOtherBackups,
			containers: [
				{
					name,
					image: postgresImage.name,
					command: ['bash', '-c', script],
					env: [...env, { name: 'LANG', value: 'C.UTF-8' }],
					resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { cpu: '1', memory: '512Mi' } },
					securityContext: restricted(user),
					volumeMounts: [backupVolume.mount, scratch.mount],
				},
			],
			volumes: [backupVolume.volume, scratch.volume],
		},
	);
}
