import * as z from 'zod';
import { contract } from '../../kit/declare/contract.ts';
import { rowParams as params, RowId } from '../../kit/fields/row-id.ts';
import { line } from '../../kit/fields/text.ts';
import { pageQuery } from '../../kit/http/pagination.ts';

export const Entry = z
	.object({
		id: z.int(),
		name: z.string(),
		message: z.string(),
		thanks: z.string().nullable().describe('Null until the function has handled the event guestbook.signed.'),
		created_at: z.iso.datetime(),
	})
	.meta({
		id: 'Entry',
		examples: [
			{
				id: 1,
				name: 'Ada',
				message: 'I shall come again.',
				thanks: 'Thank you, Ada!',
				created_at: '2026-01-05T09:00:00.000Z',
			},
		],
	});
export type Entry = z.output<typeof Entry>;

const EntryInput = z
	.object({ name: line(100), message: line(500) })
	.meta({ id: 'EntryInput', examples: [{ name: 'Ada', message: 'I shall come again.' }] });
export type EntryInput = z.output<typeof EntryInput>;

export const api = contract('/api/guestbook', {
	listEntries: {
		method: 'GET',
		path: '/',
		summary: 'Lists the entries in the order in which they were written',
		query: pageQuery(RowId),
		returns: z.array(Entry),
	},
	getEntry: { method: 'GET', path: '/:id', summary: 'Returns one entry', params, returns: Entry, problems: [404] },
	sign: {
		method: 'POST',
		path: '/',
		summary: 'Adds an entry, which is thanked for soon after',
		emits: ['guestbook.signed'],
		body: EntryInput,
		status: 201,
		returns: Entry,
	},
});
