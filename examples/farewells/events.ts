import type { Reactions } from '../../kit/events/events.ts';
import type declaration from './function.ts';

export const reactions: Reactions<typeof declaration> = {
	async 'account.deleted'({ data: { account_id } }, tx) {
		await tx.query('insert into farewells (account_id) values ($1) on conflict do nothing', [account_id]);
	},
};
