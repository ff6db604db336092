import type { Reactions } from '../../../kit/events/events.ts';
import type declaration from './function.ts';

const note = 'insert into fines (loan_id, amount) values ($1, $2)';

export const reactions: Reactions<typeof declaration> = {
	async 'copy.reserved'({ data: { loan_id } }, tx) {
		await tx.query(note, [loan_id, '0.50']);
		await tx.emit('fine.issued', loan_id, { loan_id, amount: '0.50' });
	},
	async 'fine.requested'({ data: { loan_id, amount } }, tx) {
		await tx.query(note, [loan_id, amount]);
		await tx.emit('fine.issued', loan_id, { loan_id, amount });
	},
};
