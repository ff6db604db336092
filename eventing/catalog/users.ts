import * as z from 'zod';
import type { Definition } from './definition.ts';

export const users = {
	'account.deleted': {
		summary: 'A user deleted their account; functions delete or anonymize what they store about it.',
		version: 1,
		subject: 'private',
		data: z
			.object({ account_id: z.uuid() })
			.meta({ examples: [{ account_id: '0198c0de-0000-7000-8000-000000000001' }] }),
	},
} as const satisfies Record<string, Definition>;
