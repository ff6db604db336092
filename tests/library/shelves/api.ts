import * as z from 'zod';
import { contract } from '../../../kit/declare/contract.ts';

const Title = z
	.object({ id: z.int(), title: z.string(), deposit: z.string(), copies: z.int() })
	.meta({ examples: [{ id: 1, title: 'Emma', deposit: '1.50', copies: 10 }] });

export const api = contract('/api/shelves', {
	listTitles: { method: 'GET', path: '/', summary: 'Lists the titles', returns: z.array(Title) },
	getTitle: {
		method: 'GET',
		path: '/:id',
		summary: 'Returns one title',
		params: z.object({ id: z.coerce.number().int() }),
		returns: Title,
		problems: [404],
	},
	addTitle: {
		method: 'POST',
		path: '/',
		access: 'admin',
		summary: 'Adds a title',
		body: z.object({ title: z.string().min(1), deposit: z.string(), copies: z.int() }).meta({ examples: [] }),
		status: 201,
		returns: Title,
	},
});
