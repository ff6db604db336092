import * as z from 'zod';
import { contract } from '../../kit/declare/contract.ts';
import { integer } from '../../kit/fields/numeral.ts';
import { unstorable } from '../../kit/fields/text.ts';
import { pageQuery } from '../../kit/http/pagination.ts';

const Column = z.object({
	name: z.string(),
	type: z.string().describe('The type, as Postgres writes it.'),
	nullable: z.boolean(),
	key: z.boolean().describe('Whether the column is part of the primary key.'),
});
export type Column = z.output<typeof Column>;

export const Table = z
	.object({
		schema: z.string().describe('The function that owns the table, or `eventing`.'),
		name: z.string(),
		estimated_rows: z
			.int()
			.nonnegative()
			.nullable()
			.describe('From the database’s statistics; null if they have no estimate.'),
		columns: z.array(Column).describe('The columns that are not secret.'),
		indexes: z
			.array(z.array(z.string()))
			.describe(
				'The columns of each index, in its order. A sort by the first column of one is fast however many rows the table has, as is a filter of it with eq, lt, gt or null.',
			),
	})
	.meta({
		id: 'Table',
		examples: [
			{
				schema: 'books',
				name: 'books',
				estimated_rows: 5,
				columns: [{ name: 'price', type: 'numeric(10,2)', nullable: false, key: false }],
				indexes: [['id'], ['price', 'id']],
			},
		],
	});
export type Table = z.output<typeof Table>;

const wantedFilter =
	'expected column:operator:value, e.g. price:gt:30; the operators are eq, ne, lt, gt, contains and null (column:null:true or :false)';

const Filter = z
	.string()
	.regex(
		new RegExp(`^[^:${unstorable}]+:((eq|ne|lt|gt|contains):[^${unstorable}]*|null:(true|false))$`, 'u'),
		wantedFilter,
	)
	.transform((text) => {
		const [column = '', operator, ...value] = text.split(':');
		return { column, operator: operator as Operator, value: value.join(':') };
	});
type Operator = 'eq' | 'ne' | 'lt' | 'gt' | 'contains' | 'null';
export type Filter = z.output<typeof Filter>;

export const api = contract('/api/data', {
	listTables: {
		method: 'GET',
		path: '/tables',
		summary: 'Lists the tables of the shop with their columns',
		access: 'admin',
		returns: z.array(Table),
	},
	readTable: {
		method: 'GET',
		path: '/tables/:table',
		summary: 'Returns the rows of a table in pages; as CSV, all rows unless a limit is given',
		access: 'admin',
		params: z.object({ table: z.string().meta({ examples: ['books.books'] }) }),
		query: pageQuery(
			z.string().regex(/^[A-Za-z0-9_-]+$/, 'expected a cursor; use the Link of the previous page'),
		).extend({
			limit: integer(1, 1000)
				.optional()
				.describe('The maximum number of rows; the default is 100, or all rows for CSV.'),
			sort: z
				.string()
				.optional()
				.describe('The column to sort by, or `-column` for descending order; the default is the primary key.'),
			filter: z
				.preprocess((given) => (typeof given === 'string' ? [given] : given), z.array(Filter).default([]))
				.describe(
					'`column:operator:value`, where the operator is eq, ne, lt, gt, contains or null (with true or false). A row must match every filter.',
				),
			format: z.enum(['json', 'csv']).optional().describe('Overrides the `Accept` header.'),
		}),
		returns: z
			.array(z.record(z.string(), z.unknown()))
			.describe('Values that JSON would round or has no type for are text, as Postgres writes it. Times are in UTC.')
			.meta({
				examples: [[{ id: 1, title: 'Clean Code', price: '29.99', created_at: '2026-01-05T09:00:00.000000Z' }]],
			}),
		alternatives: ['text/csv'],
		problems: [404],
	},
});
