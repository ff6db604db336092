import { expect } from 'vitest';

/** A container's security context under the restricted Pod Security Standard, with a file system that cannot be written to. */
export const restrictedProfile = {
	runAsNonRoot: true,
	runAsUser: expect.any(Number),
	runAsGroup: expect.any(Number),
	allowPrivilegeEscalation: false,
	readOnlyRootFilesystem: true,
	capabilities: { drop: ['ALL'] },
	seccompProfile: { type: 'RuntimeDefault' },
};
