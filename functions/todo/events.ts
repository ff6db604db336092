import type { Reactions } from '../../kit/events/events.ts';
import type declaration from './function.ts';
import * as todos from './todos.ts';

export const reactions: Reactions<typeof declaration> = {
	async 'account.deleted'({ data: { account_id } }, tx) {
		await todos.drop(tx, account_id);
	},
};
