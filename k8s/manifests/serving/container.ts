import type { IContainer, IEnvVar, IPodSpec } from 'kubernetes-models/v1';
import { type Profile, profiles } from './profile.ts';

/** The user of our images, who owns their files. */
export const user = 1000;

/** Returns the restricted security profile of a container. By default, Knative accepts none for a Pod. */
export const restricted = (runAsUser: number) =>
	({
		runAsNonRoot: true,
		runAsUser,
		runAsGroup: runAsUser,
		allowPrivilegeEscalation: false,
		readOnlyRootFilesystem: true,
		capabilities: { drop: ['ALL'] },
		seccompProfile: { type: 'RuntimeDefault' },
	}) satisfies IContainer['securityContext'];

/** Returns the settings of a Pod that needs no Kubernetes API: the restricted profile, and the group of its volumes. */
export const isolated = (fsGroup?: number) =>
	({
		automountServiceAccountToken: false,
		enableServiceLinks: false,
		securityContext: {
			runAsNonRoot: true,
			...(fsGroup === undefined ? {} : { fsGroup }),
			seccompProfile: { type: 'RuntimeDefault' },
		},
	}) satisfies Partial<IPodSpec>;

/** The writable volume of a container with a read-only root file system, for programs that are not ours. */
export const scratch = { volume: { name: 'tmp', emptyDir: {} }, mount: { name: 'tmp', mountPath: '/tmp' } };

export const secretVariable = (name: string, secret: string, key = name): IEnvVar => ({
	name,
	valueFrom: { secretKeyRef: { name: secret, key } },
});

/**
 * Returns a container of one of our images. `memory` is its limit in MiB; `requests` are its resource requests. It has no volume,
 * because kubelet then waits 300 ms before it checks again whether all are mounted (podAttachAndMountRetryInterval of its
 * pkg/kubelet/volumemanager): a third of a cold start.
 */
export const container = (
	image: string,
	env: IEnvVar[],
	memory = 256,
	requests: Profile['instance'] = profiles.laptop.instance,
) =>
	({
		image,
		env,
		resources: { requests: { ...requests }, limits: { cpu: '1', memory: `${memory}Mi` } },
		securityContext: restricted(user),
	}) satisfies Partial<IContainer>;
