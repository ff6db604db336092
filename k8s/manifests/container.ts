import type { IContainer, IEnvVar } from 'kubernetes-models/v1';

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

/** A container of one of our images; `memory` is the most it may have, in MiB. */
export const container = (image: string, env: IEnvVar[], memory = 256) =>
	({
		image,
		env,
		// Knative's own pods ask for most of a two-core node: with more asked for, some function would wait for another to go
		// before it may start. A cold start is much of a second's work for one core, so that is not held back.
		resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { cpu: '1', memory: `${memory}Mi` } },
		securityContext: restricted(user),
		volumeMounts: [scratch.mount],
	}) satisfies Partial<IContainer>;
