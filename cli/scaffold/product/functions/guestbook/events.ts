import type { Reactions } from '../../kit/events/events.ts';
import * as entries from './entries.ts';
import type declaration from './function.ts';

export const reactions: Reactions<typeof declaration> = {
	async 'guestbook.signed'({ data: { entry_id, name } }, tx) {
		await entries.thank(tx, entry_id, `Thank you, ${name}!`);
	},
};
