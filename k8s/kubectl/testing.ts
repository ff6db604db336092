import { expect } from 'vitest';

/** A container's security context under the restricted Pod Security Standard, with a read-only root file system. */
export const restrictedProfile = {
	runAsNonRoot: true,
	runAsUser: expect.any(Number),
	runAsGroup: expect.any(Number),
	allowPrivilegeEscalation: false,
	readOnlyRootFilesystem: true,
	capabilities: { drop: ['ALL'] },
	seccompProfile: { type: 'RuntimeDefault' },
};
