import * as z from 'zod';

/** A subscriber or sink of a manifest: its `uri`, kept as it is written because dead letters quote it. */
export const destination = z
	.strictObject({
		uri: z.url({ protocol: /^https?$/, error: 'wanted an absolute http or https URL' }).optional(),
		ref: z.undefined('the local broker has no cluster to look a ref up in: give the address as uri').optional(),
	})
	.transform(({ uri }, context) => {
		if (uri !== undefined) return uri;
		context.addIssue({ code: 'custom', path: ['uri'], message: 'wanted an absolute http or https URL' });
		return z.NEVER;
	});
