import { implement } from '../../../kit/http/http.ts';
import { found, notFound } from '../../../kit/http/problem.ts';
import { api as shelves } from '../shelves/api.ts';
import { api } from './api.ts';

const columns = 'id, title_id, reader, copies, status';

export const operations = implement(api, {
	async getLoan({ params: { id } }, { db }) {
		return found((await db.query(`select ${columns} from loans where id = $1`, [id])).rows[0], 'loan', id);
	},
	async requestLoan({ body: { title_id, reader, copies } }, context) {
		const title = await context.call(shelves, 'getTitle', { params: { id: title_id } });
		if (!title.ok) throw notFound('title', title_id);
		return await context.transaction(async (tx) => {
			const insert = `insert into loans (title_id, reader, copies) values ($1, $2, $3) returning ${columns}`;
			const [loan] = (await tx.query(insert, [title_id, reader, copies])).rows;
			await tx.emit('loan.requested', loan.id, { loan_id: loan.id, title_id, reader, copies });
			return loan;
		});
	},
});
