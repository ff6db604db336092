import { implement } from '../../kit/http/http.ts';
import { page } from '../../kit/http/pagination.ts';
import { found, notFound } from '../../kit/http/problem.ts';
import { api } from './api.ts';
import * as movies from './movies.ts';

export const operations = implement(api, {
	async listMovies({ query: { limit, ...query } }, { db }, exchange) {
		return page(await movies.list(db, query, limit + 1), limit, (movie) => movie.id, exchange);
	},

	async getMovie({ params: { id } }, { db }) {
		return found(await movies.find(db, id), 'movie', id);
	},

	async addMovie({ body }, { db }, exchange) {
		const movie = await movies.add(db, body);
		exchange.header('location', `${api.base}/${movie.id}`);
		return movie;
	},

	async replaceMovie({ params: { id }, body }, { db }) {
		return found(await movies.replace(db, id, body), 'movie', id);
	},

	async removeMovie({ params: { id } }, { db }) {
		if (!(await movies.remove(db, id))) throw notFound('movie', id);
		return undefined;
	},
});
