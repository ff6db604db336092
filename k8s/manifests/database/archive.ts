import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { IEnvVar, IPersistentVolumeClaim, IPodSpec, IVolume, IVolumeMount } from 'kubernetes-models/v1';
import { remover } from '../../../database/roles.ts';
import { choicesOf, type Deployment, profileOf } from '../deployment.ts';
import { metadata } from '../object.ts';
import { podsOf, policy, toArchive } from '../policy.ts';
import { secretName, storeVariables } from '../secret.ts';
import { isolated, secretVariable, user } from '../serving/container.ts';

/** The claim of the archive, and the folder where it is mounted. */
export const archiveClaim = { claim: 'archive', folder: '/archive' } as const;

/** The name of the Pods that read the claim. */
export const archiveReaders = 'archive-reader';

/** The volume of the claim, and its mount in a container. */
export const archiveVolume = {
	volume: { name: 'archive', persistentVolumeClaim: { claimName: archiveClaim.claim } },
	mount: { name: 'archive', mountPath: archiveClaim.folder },
} as const;

/** Runs a Pod with the claim on the node of the others that have it, like `besideOtherBackups`. */
export const besideOtherArchivers = {
	affinity: {
		podAffinity: {
			requiredDuringSchedulingIgnoredDuringExecution: [
				{
					labelSelector: {
						matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: [remover, archiveReaders] }],
					},
					topologyKey: 'kubernetes.io/hostname',
				},
			],
		},
	},
} satisfies Partial<IPodSpec>;

/** The parts of the job that removes events by which it archives them first. */
interface Archiving {
	readonly env: IEnvVar[];
	readonly mounts: IVolumeMount[];
	readonly volumes: IVolume[];
	readonly pod: Partial<IPodSpec>;
	/** The objects that the job needs. */
	readonly objects: (IPersistentVolumeClaim | INetworkPolicy)[];
}

const nothing: Archiving = { env: [], mounts: [], volumes: [], pod: {}, objects: [] };

/** Returns what the chosen archive needs; nothing without an archive. */
export function archiving(deployment: Deployment): Archiving {
	const { archive } = choicesOf(deployment);
	if (!archive) return nothing;
	if (archive === 'claim')
		return {
			env: [{ name: 'ARCHIVE', value: archiveClaim.folder }],
			mounts: [archiveVolume.mount],
			volumes: [archiveVolume.volume],
			pod: { ...isolated(user), ...besideOtherArchivers },
			objects: [claimOf(deployment)],
		};
	const key = storeVariables.map((name) => secretVariable(name, secretName.archive));
	return {
		...nothing,
		env: [{ name: 'ARCHIVE', value: archive }, ...key],
		objects: [
			policy(metadata('archive', remover, 'migration'), podsOf('migration', [remover]), {
				egress: toArchive(deployment),
			}),
		],
	};
}

const claimOf = (deployment: Deployment): IPersistentVolumeClaim => ({
	apiVersion: 'v1',
	kind: 'PersistentVolumeClaim',
	metadata: metadata(archiveClaim.claim, remover, 'migration'),
	spec: {
		accessModes: ['ReadWriteOnce'],
		resources: { requests: { storage: profileOf(deployment).storage.archive } },
	},
});
