import type { ICronJob } from 'kubernetes-models/batch/v1';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { IPersistentVolumeClaim } from 'kubernetes-models/v1';
import { labelsOf, metadata } from '../object.ts';
import { type Place, profileOf } from '../place.ts';
import { dns, podsOf, policy, toDatabase } from '../policy.ts';
import { secretName } from '../secret.ts';
import { restricted, scratch, secretVariable } from '../serving/container.ts';
import { database, postgresImage } from './database.ts';
import { counting, restoring } from './restoring.ts';

const { user } = postgresImage;
const labels = labelsOf('backup', 'backup');

/** Where the nightly dumps are: the claim's name, the folder it is mounted at, and for how many days each is kept. */
export const backups = { claim: 'backups', folder: '/backups', days: 7 } as const;

/** The claim of the nightly dumps, as a volume of a pod. */
export const backupVolume = {
	volume: { name: 'backups', persistentVolumeClaim: { claimName: backups.claim } },
	mount: { name: 'backups', mountPath: backups.folder },
} as const;

/**
 * Dumps, restores the dump into a Postgres of the pod's own, so that the shop's server has no more work than the dump's,
 * and counts what is in it. It waits for the server, for policies may not yet let a new pod through. Only then has the dump its name, and do the oldest go: whatever fails leaves those there are.
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

/** A dump of the database each night, checked and kept for a week on a claim of its own. */
export const backup = (place: Place): [IPersistentVolumeClaim, ICronJob, INetworkPolicy] => [
	{
		apiVersion: 'v1',
		kind: 'PersistentVolumeClaim',
		metadata: metadata(backups.claim, 'backup', 'backup'),
		spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: profileOf(place).storage.backups } } },
	},
	{
		apiVersion: 'batch/v1',
		kind: 'CronJob',
		metadata: metadata('backup', 'backup', 'backup'),
		spec: {
			schedule: '41 2 * * *',
			timeZone: 'Etc/UTC',
			concurrencyPolicy: 'Forbid',
			// Said although it is the default, so that it is so again after the shop was stopped.
			suspend: false,
			// A cluster that was off at night makes up for it.
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
							// Not OnFailure: the pod that failed stays, with its last words.
							restartPolicy: 'Never',
							automountServiceAccountToken: false,
							enableServiceLinks: false,
							securityContext: { runAsNonRoot: true, fsGroup: user, seccompProfile: { type: 'RuntimeDefault' } },
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
	policy(metadata('backup', 'backup', 'backup'), podsOf('backup'), { egress: [dns, toDatabase(place)] }),
];
