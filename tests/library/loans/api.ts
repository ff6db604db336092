import * as z from 'zod';
import { contract } from '../../../kit/declare/contract.ts';

const Loan = z
	.object({ id: z.int(), title_id: z.int(), reader: z.string(), copies: z.int(), status: z.string() })
	.meta({ examples: [{ id: 1, title_id: 1, reader: 'Ada', copies: 2, status: 'pending' }] });
export type Loan = z.output<typeof Loan>;

export const api = contract('/api/loans', {
	getLoan: {
		method: 'GET',
		path: '/:id',
		summary: 'Returns one loan; as an event stream, sends it immediately and again once it is settled',
		params: z.object({ id: z.coerce.number().int() }),
		returns: Loan,
		alternatives: ['text/event-stream'],
		problems: [404],
	},
	requestLoan: {
		method: 'POST',
		path: '/',
		calls: ['shelves'],
		emits: ['loan.requested'],
		summary: 'Asks for copies of a title; waits until the loan is settled if the request prefers to wait',
		headers: z.object({ prefer: z.string().optional() }),
		body: z.object({ title_id: z.int(), reader: z.string(), copies: z.int() }).meta({ examples: [] }),
		status: 201,
		returns: Loan,
		problems: [404],
	},
});
