import type { Reactions } from '../../../kit/events/events.ts';
import type declaration from './function.ts';

const settle = `update loans set status = $2 where id = $1 and status = 'pending' returning pg_notify('loans', id::text)`;

export const reactions: Reactions<typeof declaration> = {
	async 'copy.missing'({ data: { loan_id } }, tx) {
		await tx.query(settle, [loan_id, 'refused']);
	},
	async 'fine.issued'({ data: { loan_id } }, tx) {
		await tx.query(settle, [loan_id, 'granted']);
	},
};
