import type { Reactions } from '../../../kit/events/events.ts';
import type declaration from './function.ts';

export const reactions: Reactions<typeof declaration> = {
	async 'loan.requested'({ data: loan }, tx) {
		const take = 'update titles set copies = copies - $2 where id = $1 and copies >= $2';
		const { rowCount } = await tx.query(take, [loan.title_id, loan.copies]);
		await tx.emit(rowCount ? 'copy.reserved' : 'copy.missing', loan.title_id, loan);
	},
};
