import * as z from 'zod';
import type { Definition } from './definition.ts';

export const guestbook = {
	'guestbook.signed': {
		summary: 'A visitor wrote into the guestbook.',
		version: 1,
		subject: 'public',
		data: z.object({ entry_id: z.int(), name: z.string() }).meta({ examples: [{ entry_id: 1, name: 'Ada' }] }),
	},
} as const satisfies Record<string, Definition>;
