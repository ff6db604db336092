import type { IPod } from 'kubernetes-models/v1';
import { backupVolume, besideOtherBackups } from './database/backup.ts';
import { postgresImage } from './database/database.ts';
import { metadata } from './object.ts';
import { isolated, restricted } from './serving/container.ts';

/** Returns an idle Pod that mounts the nightly dumps read-only. It ends after an hour. */
export const reader = (name: string): IPod & { apiVersion: string; kind: string } => ({
	apiVersion: 'v1',
	kind: 'Pod',
	metadata: metadata(name, 'backup-reader', 'backup'),
	spec: {
		restartPolicy: 'Never',
		activeDeadlineSeconds: 3600,
		terminationGracePeriodSeconds: 0,
		...isolated(postgresImage.user),
		...besideOtherBackups,
		containers: [
			{
				name: 'reader',
				image: postgresImage.name,
				command: ['sleep', '3600'],
				resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '1', memory: '64Mi' } },
				securityContext: restricted(postgresImage.user),
				volumeMounts: [{ ...backupVolume.mount, readOnly: true }],
			},
		],
		volumes: [backupVolume.volume],
	},
});
