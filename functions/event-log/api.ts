import * as z from 'zod';
import { contract } from '../kit/contract.ts';
import { pageQuery } from '../kit/page.ts';

/** One that the examples are of. */
const example = '0198c0de-0000-7000-8000-000000000001';

export const Delivery = z.object({
	trigger: z.string(),
	function: z.string(),
	status: z
		.enum(['pending', 'failing', 'handled', 'dead', 'discarded'])
		.describe(
			'`pending`: not seen yet; `failing`: tried, and to be tried again; `dead`: given up on, see the dead letters.',
		),
	attempts: z.int().nonnegative().describe('Those that reached the function.'),
	last_error: z.string().nullable(),
	first_attempt_at: z.iso.datetime().nullable(),
	handled_at: z.iso.datetime().nullable(),
});

export const LoggedEvent = z
	.object({
		id: z.string(),
		source: z.string(),
		type: z.string(),
		subject: z.string(),
		time: z.iso.datetime(),
		dataschema: z.string(),
		traceparent: z.string(),
		relays: z.int().nonnegative().describe('How often the relay published it again.'),
		data: z.unknown().optional().describe('The payload, for an admin only.'),
		deliveries: z.array(Delivery),
	})
	.meta({
		id: 'LoggedEvent',
		examples: [
			{
				id: example,
				source: '/functions/orders',
				type: 'dev.bodega.order.placed',
				subject: '1',
				time: '2026-01-05T09:00:00.000Z',
				dataschema: 'urn:bodega:event:order.placed:1',
				traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
				relays: 0,
				deliveries: [
					{
						trigger: 'books-on-order-placed',
						function: 'books',
						status: 'handled',
						attempts: 1,
						last_error: null,
						first_attempt_at: '2026-01-05T09:00:00.100Z',
						handled_at: '2026-01-05T09:00:00.100Z',
					},
				],
			},
		],
	});
export type LoggedEvent = z.output<typeof LoggedEvent>;

export const DeadLetter = z
	.object({
		id: z.uuid(),
		trigger: z.string(),
		event: z.object({
			id: z.string(),
			source: z.string(),
			type: z.string(),
			subject: z.string().optional(),
			data: z.unknown(),
		}),
		destination: z.string().nullable().describe('Where it could not be delivered.'),
		code: z.int().nullable().describe('The status that was answered, 0 for none.'),
		error: z.string().nullable().describe('What was answered.'),
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
					data: { order_id: 1, book_id: 1, customer_name: 'Ada', quantity: 2, unit_price: '29.99' },
				},
				destination: 'http://books-events.bodega.svc.cluster.local/books-on-order-placed',
				code: 500,
				error: 'the shelf is out of reach',
				received_at: '2026-01-05T09:02:10.000Z',
			},
		],
	});
export type DeadLetter = z.output<typeof DeadLetter>;

const params = z.object({ id: z.uuid().meta({ examples: [example] }) });
const filters = { type: z.string().optional(), subject: z.string().optional() };

export const api = contract('/api', {
	listEvents: {
		method: 'GET',
		path: '/events',
		summary: 'The events, newest first, with their deliveries',
		access: 'optional',
		query: pageQuery(z.string()).extend(filters),
		returns: z.array(LoggedEvent),
	},
	getEvent: {
		method: 'GET',
		path: '/events/:id',
		summary: 'One event with its deliveries',
		access: 'optional',
		params: z.object({ id: z.string().meta({ examples: [example] }) }),
		returns: LoggedEvent,
		problems: [404],
	},
	listDeadLetters: {
		method: 'GET',
		path: '/dead-letters',
		summary: 'The events that were given up on, newest first',
		access: 'admin',
		query: pageQuery(z.uuid()),
		returns: z.array(DeadLetter),
	},
	replayDeadLetter: {
		method: 'POST',
		path: '/dead-letters/:id/replay',
		summary: 'Publishes the event again, with the same id',
		access: 'admin',
		params,
		status: 202,
		problems: [404],
	},
	discardDeadLetter: {
		method: 'DELETE',
		path: '/dead-letters/:id',
		summary: 'Gives the event up for good',
		access: 'admin',
		params,
		status: 204,
		problems: [404],
	},
});
