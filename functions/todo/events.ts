import type { Lanes, Reactions } from '../../kit/events/events.ts';
import type declaration from './function.ts';
import * as todos from './todos.ts';

export const lanes: Lanes<typeof declaration> = { 'account.deleted': ({ account_id }) => account_id };

export const reactions: Reactions<typeof declaration> = {
	async 'account.deleted'({ data: { account_id } }, tx) {
		await todos.drop(tx, account_id);
	},
};
