import * as z from 'zod';
import { exampleOf, failures, unlisted_failures } from './log/delivery.ts';

const example = '0198c0de-0000-7000-8000-000000000001';

export const DeadLetter = z
	.object({
		id: z.uuid(),
		trigger: z.string(),
		event: z.object({
			id: z.string(),
			source: z.string(),
			type: z.string(),
			subject: z.string().optional().describe('Matches only events whose subject the caller can see.'),
			data: z.unknown(),
		}),
		destination: z.string().nullable().describe('The URL to which the event could not be delivered.'),
		code: z.int().nullable().describe('The HTTP status of the response, or 0 without a response.'),
		error: z.string().nullable().describe('The error that the function recorded last, or else the response.'),
		attempts: z.int().nonnegative().describe('The number of attempts that reached the function, of all publications.'),
		failures,
		unlisted_failures,
		received_at: z.iso.datetime(),
	})
	.meta({
		id: 'DeadLetter',
		examples: [
			{
				id: example,
				trigger: 'books-on-order-placed',
				event: {
					id: example,
					source: '/functions/orders',
					type: 'dev.bodega.order.placed',
					subject: '1',
					data: {
						order_id: 1,
						customer_name: 'Ada',
						lines: [{ book_id: 1, title: 'Clean Code', quantity: 2, unit_price: '29.99' }],
					},
				},
				destination: 'http://books-events.bodega.svc.cluster.local/books-on-order-placed',
				code: 500,
				error: 'the database is not reachable',
				attempts: 9,
				failures: [exampleOf.failure],
				unlisted_failures: 0,
				received_at: '2026-01-05T09:02:10.000Z',
			},
		],
	});
