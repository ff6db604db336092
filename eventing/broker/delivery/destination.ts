import * as z from 'zod';

/** The `uri` of a subscriber or sink. It is not normalised, because dead letters quote it as written. */
export const destination = z
	.strictObject({
		uri: z.url({ protocol: /^https?$/, error: 'expected an absolute http or https URL' }).optional(),
		ref: z.undefined('the local broker cannot resolve a ref without a cluster: give the address as uri').optional(),
	})
	.transform(({ uri }, context) => {
		if (uri !== undefined) return uri;
		context.addIssue({ code: 'custom', path: ['uri'], message: 'expected an absolute http or https URL' });
		return z.NEVER;
	});
