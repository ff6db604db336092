import { storedKey } from '../../kit/data/idempotency.ts';
import { implement } from '../../kit/http/http.ts';
import { page } from '../../kit/http/pagination.ts';
import { Problem } from '../../kit/http/problem.ts';
import { api } from './api.ts';
import * as invoices from './invoices.ts';
import { request } from './requests.ts';

export const operations = implement(api, {
	/** Only writes the request to the outbox, so it succeeds even while billing's event consumer is down. */
	async requestInvoice({ body, headers }, context, exchange) {
		const key = headers['idempotency-key'];
		const id = await request(context, body, key && storedKey(key, exchange.identity?.id));
		exchange.header('location', `${api.base}/${id}`);
		return { id, status: 'requested' as const };
	},

	async getInvoice({ params: { id } }, { db }, { identity }) {
		const invoice = await invoices.find(db, id, identity);
		if (!invoice)
			throw new Problem(
				404,
				`There is no invoice ${id}. If it was requested just now, it is not issued yet: try again shortly.`,
			);
		return invoice;
	},

	async listInvoices({ query: { limit, after, order_id } }, { db }, exchange) {
		return page(await invoices.list(db, limit + 1, after, { order_id }), limit, (invoice) => invoice.id, exchange);
	},

	async listMine({ query: { limit, after } }, { db }, exchange) {
		const account_id = exchange.identity?.id;
		return page(await invoices.list(db, limit + 1, after, { account_id }), limit, (invoice) => invoice.id, exchange);
	},
});
