import * as z from 'zod';
import { contract } from '../../kit/declare/contract.ts';
import { Money, MoneyInput } from '../../kit/fields/money.ts';
import { rowParams as params, RowId } from '../../kit/fields/row-id.ts';
import { line, trimmed } from '../../kit/fields/text.ts';
import { pageQuery } from '../../kit/http/pagination.ts';

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

export const api = contract('/api/books', {
	listBooks: {
		method: 'GET',
		path: '/',
		summary:
			'Lists the books in the order in which they were added; ?search= selects those whose title or author contains the text, in any case',
		query: pageQuery(RowId).extend({ search: trimmed(200).optional() }),
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
