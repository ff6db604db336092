import { implement } from '../../kit/http/http.ts';
import { page } from '../../kit/http/pagination.ts';
import { notFound } from '../../kit/http/problem.ts';
import { api } from './api.ts';
import * as books from './books.ts';

export const operations = implement(api, {
	async listBooks({ query: { limit, after, search } }, { db }, exchange) {
		return page(await books.list(db, limit + 1, after, search), limit, (book) => book.id, exchange);
	},

	async getBook({ params: { id } }, { db }) {
		return (await books.find(db, id)) ?? missing(id);
	},

	async addBook({ body }, { db }, exchange) {
		const book = await books.add(db, body);
		exchange.header('location', `${api.base}/${book.id}`);
		return book;
	},

	async replaceBook({ params: { id }, body }, { db }) {
		return (await books.replace(db, id, body)) ?? missing(id);
	},

	async removeBook({ params: { id } }, { db }) {
		if (!(await books.remove(db, id))) missing(id);
		return undefined;
	},
});

function missing(id: number): never {
	throw notFound('book', id);
}
