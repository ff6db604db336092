import * as z from 'zod';
import { contract } from '../../kit/declare/contract.ts';
import { rowParams as params, RowId } from '../../kit/fields/row-id.ts';
import { line, trimmed } from '../../kit/fields/text.ts';
import { pageQuery, sortedBy } from '../../kit/http/pagination.ts';

export const Movie = z
	.object({
		id: z.int(),
		title: z.string(),
		description: z.string(),
		created_at: z.iso.datetime(),
	})
	.meta({
		id: 'Movie',
		examples: [
			{
				id: 1,
				title: 'Metropolis',
				description: 'A city above, and those who keep it running below.',
				created_at: '2026-01-05T09:00:00.000Z',
			},
		],
	});
export type Movie = z.output<typeof Movie>;

const MovieInput = z
	.object({
		title: line(200),
		description: trimmed(2_000).default(''),
	})
	.meta({
		id: 'MovieInput',
		examples: [{ title: 'Metropolis', description: 'A city above, and those who keep it running below.' }],
	});
export type MovieInput = z.output<typeof MovieInput>;

const MovieQuery = pageQuery(RowId).extend({
	title: trimmed(200).optional().describe('Selects the movies whose title contains the text, in any case.'),
	sort: sortedBy('added', 'title'),
});
export type MovieQuery = z.output<typeof MovieQuery>;

/** Anyone can read the catalog; only an admin can change it. */
export const api = contract('/api/movies', {
	listMovies: {
		method: 'GET',
		path: '/',
		summary: 'Lists the movies, by default in the order in which they were added',
		query: MovieQuery,
		returns: z.array(Movie),
	},
	getMovie: { method: 'GET', path: '/:id', summary: 'Returns one movie', params, returns: Movie, problems: [404] },
	addMovie: {
		method: 'POST',
		path: '/',
		summary: 'Adds a movie',
		access: 'admin',
		body: MovieInput,
		status: 201,
		returns: Movie,
	},
	replaceMovie: {
		method: 'PUT',
		path: '/:id',
		summary: 'Replaces a movie; without a description, clears the old one',
		access: 'admin',
		params,
		body: MovieInput,
		returns: Movie,
		problems: [404],
	},
	removeMovie: {
		method: 'DELETE',
		path: '/:id',
		summary: 'Removes a movie from the catalog',
		access: 'admin',
		params,
		status: 204,
		problems: [404],
	},
});
