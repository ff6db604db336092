import type { ICronJob } from 'kubernetes-models/batch/v1';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { IPersistentVolumeClaim } from 'kubernetes-models/v1';
import { type Deployment, profileOf } from '../deployment.ts';
import { metadata } from '../object.ts';
import { dns, podsOf, policy, toDatabase } from '../policy.ts';
import { secretName } from '../secret.ts';
import { isolated, restricted, scratch, secretVariable } from '../serving/container.ts';
import { database, postgresImage } from './database.ts';
import { counting, restoring } from './restoring.ts';

const { user } = postgresImage;
const meta = metadata('backup', 'backup', 'backup');
const { labels } = meta;

/** The storage of the nightly dumps: the claim's name, its mount folder, and how many days a dump is stored. */
export const backups = { claim: 'backups', folder: '/backups', days: 7 } as const;

/** The volume of the nightly dumps, and its mount in a container. */
export const backupVolume = {
	volume: { name: 'backups', persistentVolumeClaim: { claimName: backups.claim } },
	mount: { name: 'backups', mountPath: backups.folder },
} as const;

/**
 * Dumps the database, restores the dump into a second Postgres inside the Pod, and counts its rows. So the check puts
 * no load on the shop's server. Waits for the shop's server first, because network policies can reach a new Pod late.
 * Renames the dump and deletes the oldest ones only after the check, so a failure leaves the existing dumps untouched.
 */
const script = `set -euo pipefail
file=${backups.folder}/bodega-$(date -u +%Y-%m-%dT%H%MZ).dump
trap 'rm -f ${backups.folder}/*.part' EXIT
for _ in $(seq 60); do pg_isready --quiet --dbname="$DATABASE_URL" && break; sleep 1; done
pg_dump --format=custom --file="$file.part" "$DATABASE_URL"

initdb --pgdata=/tmp/check --username=${database.owner} --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync > /tmp/initdb.log ||
	{ cat /tmp/initdb.log; exit 1; }
pg_ctl --pgdata=/tmp/check --log=/tmp/server.log --wait --silent \\
	--options="-c listen_addresses= -c unix_socket_directories=/tmp -c fsync=off" start || { cat /tmp/server.log; exit 1; }
export PGHOST=/tmp PGUSER=${database.owner}
${restoring('"$file.part"', 'checked')}${counting('checked')}
mv "$file.part" "$file"
find ${backups.folder} -name '*.dump' -mtime +${backups.days - 1} -delete
ls -l ${backups.folder}
`;

/** Returns the nightly backup: a CronJob that dumps and checks the database, and a claim for a week of dumps. */
export const backup = (deployment: Deployment): [IPersistentVolumeClaim, ICronJob, INetworkPolicy] => [
	{
		apiVersion: 'v1',
		kind: 'PersistentVolumeClaim',
		metadata: metadata(backups.claim, 'backup', 'backup'),
		spec: {
			accessModes: ['ReadWriteOnce'],
			resources: { requests: { storage: profileOf(deployment).storage.backups } },
		},
	},
	{
		apiVersion: 'batch/v1',
		kind: 'CronJob',
		metadata: meta,
		spec: {
			schedule: '41 2 * * *',
			timeZone: 'Etc/UTC',
			concurrencyPolicy: 'Forbid',
			// This is the default, but it has to be explicit: `bodega stop` suspends the CronJob, and a deployment resumes
			// it.
			suspend: false,
			// Lets a cluster that was off at night run the backup up to 12 hours late.
			startingDeadlineSeconds: 12 * 3600,
			successfulJobsHistoryLimit: 1,
			failedJobsHistoryLimit: 3,
			jobTemplate: {
				metadata: { labels },
				spec: {
					backoffLimit: 2,
					activeDeadlineSeconds: 2 * 3600,
					template: {
						metadata: { labels },
						spec: {
							// With OnFailure, a failed Pod and its logs would be deleted.
							restartPolicy: 'Never',
							...isolated(user),
							containers: [
								{
									name: 'backup',
									image: postgresImage.name,
									command: ['bash', '-c', script],
									env: [secretVariable('DATABASE_URL', secretName.owner), { name: 'LANG', value: 'C.UTF-8' }],
									resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { cpu: '1', memory: '512Mi' } },
									securityContext: restricted(user),
									volumeMounts: [backupVolume.mount, scratch.mount],
								},
							],
							volumes: [backupVolume.volume, scratch.volume],
						},
					},
				},
			},
		},
	},
	policy(meta, podsOf('backup'), { egress: [dns, toDatabase(deployment)] }),
];
