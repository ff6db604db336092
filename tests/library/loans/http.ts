import { eventStream } from '../../../kit/http/event-stream.ts';
import { implement } from '../../../kit/http/http.ts';
import { found, notFound } from '../../../kit/http/problem.ts';
import type { Context } from '../../../kit/serve/context.ts';
import { api as shelves } from '../shelves/api.ts';
import { api, type Loan } from './api.ts';

const columns = 'id, title_id, reader, copies, status';

async function find({ db }: Context, id: number): Promise<Loan> {
	return found((await db.query<Loan>(`select ${columns} from loans where id = $1`, [id])).rows[0], 'loan', id);
}

/** Waits until a loan is settled or `signal` is aborted, for at most 30 seconds. */
async function settled(context: Context, id: number, signal?: AbortSignal): Promise<Loan> {
	const look = async () => (await find(context, id)).status !== 'pending';
	await context.notifications.until(String(id), 30_000, look, signal);
	return find(context, id);
}

export const operations = implement(api, {
	async getLoan({ params: { id } }, context, exchange) {
		const loan = await find(context, id);
		if (exchange.mediaType !== 'text/event-stream') return loan;
		return eventStream(exchange, async function* (signal) {
			yield loan;
			yield await settled(context, id, signal);
		});
	},
	async requestLoan({ body: { title_id, reader, copies }, headers: { prefer } }, context) {
		const title = await context.call(shelves, 'getTitle', { params: { id: title_id } });
		if (!title.ok) throw notFound('title', title_id);
		const loan = await context.transaction(async (tx) => {
			const insert = `insert into loans (title_id, reader, copies) values ($1, $2, $3) returning ${columns}`;
			const [loan] = (await tx.query<Loan>(insert, [title_id, reader, copies])).rows as [Loan];
			await tx.emit('loan.requested', loan.id, { loan_id: loan.id, title_id, reader, copies });
			return loan;
		});
		return prefer ? settled(context, loan.id) : loan;
	},
});
