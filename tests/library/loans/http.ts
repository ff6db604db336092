import { implement } from '../../../kit/http/http.ts';
import { found, notFound } from '../../../kit/http/problem.ts';
import { api as shelves } from '../shelves/api.ts';
import { api } from './api.ts';

const columns = 'id, title_id, reader, copies, status';
const find = `select ${columns} from loans where id = $1`;

export const operations = implement(api, {
	async getLoan({ params: { id } }, { db }) {
		return found((await db.query(find, [id])).rows[0], 'loan', id);
	},
	async requestLoan({ body: { title_id, reader, copies }, headers: { prefer } }, context) {
		const title = await context.call(shelves, 'getTitle', { params: { id: title_id } });
		if (!title.ok) throw notFound('title', title_id);
		let loan = await context.transaction(async (tx) => {
			const insert = `insert into loans (title_id, reader, copies) values ($1, $2, $3) returning ${columns}`;
			const [row] = (await tx.query(insert, [title_id, reader, copies])).rows;
			await tx.emit('loan.requested', row.id, { loan_id: row.id, title_id, reader, copies });
			return row;
		});
		const seconds = Number(/^wait=(\d+)$/.exec(prefer ?? '')?.[1] ?? 0);
		const isSettled = async (): Promise<boolean> => {
			loan = (await context.db.query(find, [loan.id])).rows[0];
			return loan.status !== 'pending';
		};
		if (seconds) await context.notifications.until('loans', String(loan.id), seconds * 1000, isSettled);
		return loan;
	},
});
