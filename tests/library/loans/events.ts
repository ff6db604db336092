import type { Reactions } from '../../../kit/events/events.ts';
import type declaration from './function.ts';

const settle = `with settled as (update loans set status = $2 where id = $1 and status = 'pending' returning id)
	select pg_notify($3, id::text) from settled`;

export const reactions: Reactions<typeof declaration> = {
	async 'copy.missing'({ data: { loan_id } }, tx, { notifications }) {
		await tx.query(settle, [loan_id, 'refused', notifications.channel]);
	},
	async 'fine.issued'({ data: { loan_id } }, tx, { notifications }) {
		await tx.query(settle, [loan_id, 'granted', notifications.channel]);
	},
};
