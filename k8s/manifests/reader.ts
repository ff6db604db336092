import type { IPod, IPodSpec, IVolume, IVolumeMount } from 'kubernetes-models/v1';
import { archiveReaders, archiveVolume, besideOtherArchivers } from './database/archive.ts';
import { backupVolume, besideOtherBackups } from './database/backup.ts';
import { postgresImage } from './database/database.ts';
import { metadata } from './object.ts';
import { isolated, restricted, user } from './serving/container.ts';

interface Reader {
	/** The value of its name label. */
	readonly label: string;
	readonly image: { readonly name: string; readonly user: number };
	readonly volume: { readonly volume: IVolume; readonly mount: IVolumeMount };
	readonly placement: Partial<IPodSpec>;
}

/** Returns an idle Pod that mounts the nightly dumps read-only. It ends after an hour. */
export const reader = (name: string) =>
	idle(name, {
		label: 'backup-reader',
		image: postgresImage,
		volume: backupVolume,
		placement: besideOtherBackups,
	});

/** Returns such a Pod that mounts the archive. @param image one of our images */
export const archiveReader = (name: string, image: string) =>
	idle(name, {
		label: archiveReaders,
		image: { name: image, user },
		volume: archiveVolume,
		placement: besideOtherArchivers,
	});

const idle = (
	name: string,
	{ label, image, volume: { volume, mount }, placement }: Reader,
): IPod & { apiVersion: string; kind: string } => ({
	apiVersion: 'v1',
	kind: 'Pod',
	metadata: metadata(name, label, 'backup'),
	spec: {
		restartPolicy: 'Never',
		activeDeadlineSeconds: 3600,
		terminationGracePeriodSeconds: 0,
		...isolated(image.user),
		...placement,
		containers: [
			{
				name: 'reader',
				image: image.name,
				command: ['sleep', '3600'],
				resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '1', memory: '64Mi' } },
				securityContext: restricted(image.user),
				volumeMounts: [{ ...mount, readOnly: true }],
			},
		],
		volumes: [volume],
	},
});
