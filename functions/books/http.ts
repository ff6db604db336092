import { implement } from '../../kit/http/http.ts';
import { page } from '../../kit/http/pagination.ts';
import { found, notFound } from '../../kit/http/problem.ts';
import { api } from './api.ts';
import * as books from './books.ts';

export const operations = implement(api, {
	async listBooks({ query: { limit, ...query } }, { db }, exchange) {
		return page(await books.list(db, query, limit + 1), limit, (book) => book.id, exchange);
	},

	async getBook({ params: { id } }, { db }) {
		return found(await books.find(db, id), 'book', id);
	},

	async addBook({ body }, { db }, exchange) {
		const book = await books.add(db, body);
		exchange.header('location', `${api.base}/${book.id}`);
		return book;
	},

	async replaceBook({ params: { id }, body }, { db }) {
		return found(await books.replace(db, id, body), 'book', id);
	},

	async removeBook({ params: { id } }, { db }) {
		if (!(await books.remove(db, id))) throw notFound('book', id);
		return undefined;
	},
});
