import { implement } from '../../kit/http/http.ts';
import { page } from '../../kit/http/pagination.ts';
import { found } from '../../kit/http/problem.ts';
import { api } from './api.ts';
import * as entries from './entries.ts';

export const operations = implement(api, {
	async listEntries({ query: { limit, after } }, { db }, exchange) {
		return page(await entries.list(db, limit + 1, after), limit, ({ id }) => id, exchange);
	},

	async getEntry({ params: { id } }, { db }) {
		return found(await entries.find(db, id), 'entry', id);
	},

	async sign({ body }, context, exchange) {
		const entry = await context.transaction((tx) => entries.add(tx, body));
		exchange.header('location', `${api.base}/${entry.id}`);
		return entry;
	},
});
