import * as z from 'zod';
import { contract } from '../../kit/declare/contract.ts';
import { Money, MoneyInput } from '../../kit/fields/money.ts';
import { rowParams as params, RowId } from '../../kit/fields/row-id.ts';
import { line, trimmed } from '../../kit/fields/text.ts';
import { pageQuery, sortedBy } from '../../kit/http/pagination.ts';

export const Book = z
	.object({
		id: z.int(),
		title: z.string(),
		author: z.string(),
		price: Money,
		stock: z.int().nonnegative(),
		created_at: z.iso.datetime(),
	})
	.meta({
		id: 'Book',
		examples: [
			{
				id: 1,
				title: 'Clean Code',
				author: 'Robert C. Martin',
				price: '29.99',
				stock: 10,
				created_at: '2026-01-05T09:00:00.000Z',
			},
		],
	});
export type Book = z.output<typeof Book>;

const BookInput = z
	.object({
		title: line(200),
		author: line(200),
		price: MoneyInput,
		stock: z.int().min(0).max(1_000_000).default(10),
	})
	.meta({
		id: 'BookInput',
		examples: [{ title: 'Release It!', author: 'Michael Nygard', price: '41.50', stock: 3 }],
	});
export type BookInput = z.output<typeof BookInput>;

/** The most books that can be listed by their ids: as many as an order has. */
const mostIds = 20;

const BookQuery = pageQuery(RowId).extend({
	search: trimmed(200).optional().describe('Selects the books whose title or author contains the text, in any case.'),
	sort: sortedBy('added', 'title', 'author', 'price'),
	in_stock: z
		.enum(['true', 'false'])
		.optional()
		.describe('`true` selects the books of which there are copies, `false` those that are sold out.'),
	min_price: MoneyInput.optional(),
	max_price: MoneyInput.optional(),
	id: z
		.preprocess(
			(given) => (given === undefined ? given : [given].flat()),
			z.array(RowId).max(mostIds, `expected at most ${mostIds} ids`).optional(),
		)
		.describe('Selects books by their ids: `id=1&id=2`.'),
});
export type BookQuery = z.output<typeof BookQuery>;

export const api = contract('/api/books', {
	listBooks: {
		method: 'GET',
		path: '/',
		summary: 'Lists the books, by default in the order in which they were added; each parameter narrows the list',
		query: BookQuery,
		returns: z.array(Book),
	},
	getBook: { method: 'GET', path: '/:id', summary: 'Returns one book', params, returns: Book, problems: [404] },
	addBook: {
		method: 'POST',
		path: '/',
		summary: 'Adds a book',
		access: 'admin',
		body: BookInput,
		status: 201,
		returns: Book,
	},
	replaceBook: {
		method: 'PUT',
		path: '/:id',
		summary: 'Replaces a book',
		access: 'admin',
		params,
		body: BookInput,
		returns: Book,
		problems: [404],
	},
	removeBook: {
		method: 'DELETE',
		path: '/:id',
		summary: 'Removes a book from the shop',
		access: 'admin',
		params,
		status: 204,
		problems: [404],
	},
});
