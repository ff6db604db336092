import type { IContainer, IEnvVar } from 'kubernetes-models/v1';
import { type Profile, profiles } from './profile.ts';

/** The user of our images; Node's compile cache in them is this user's. */
const user = 1000;

/** The restricted pod security profile, per container, since Knative takes no pod-level security context by default. */
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

/** The volume that a container with a read-only root may write to. */
export const scratch = { volume: { name: 'tmp', emptyDir: {} }, mount: { name: 'tmp', mountPath: '/tmp' } };

/** A variable out of a Secret. */
export const secretVariable = (name: string, secret: string, key = name): IEnvVar => ({
	name,
	valueFrom: { secretKeyRef: { name: secret, key } },
});

/** A container of one of our images; `memory` is the most it may have, in MiB, `requests` what it asks for. */
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
		volumeMounts: [scratch.mount],
	}) satisfies Partial<IContainer>;
