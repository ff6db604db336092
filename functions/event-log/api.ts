import * as z from 'zod';
import { contract } from '../../kit/declare/contract.ts';
import { pageQuery } from '../../kit/http/page.ts';

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
	failures: z
		.array(z.object({ at: z.iso.datetime(), error: z.string() }))
		.describe('The attempts that reached the function and failed, oldest first; the last 20.'),
	received_at: z.iso.datetime().nullable().describe('When the last attempt began.'),
	handled_at: z.iso.datetime().nullable().describe('When the handling ended.'),
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
		cause: z
			.string()
			.nullable()
			.describe('The id of the event whose handling emitted this one; `null` for one that a request caused.'),
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
				cause: null,
				relays: 0,
				deliveries: [
					{
						trigger: 'books-on-order-placed',
						function: 'books',
						status: 'handled',
						attempts: 2,
						failures: [{ at: '2026-01-05T09:00:00.110Z', error: 'the shelf is out of reach' }],
						received_at: '2026-01-05T09:00:00.600Z',
						handled_at: '2026-01-05T09:00:00.610Z',
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

export const Drill = z
	.object({
		function: z.string(),
		started_at: z.iso.datetime(),
		ends_at: z.iso.datetime().describe('When it ends by itself.'),
		waiting: z
			.int()
			.nonnegative()
			.describe('Events that the function has failed to handle since it began, or not seen.'),
	})
	.meta({
		id: 'Drill',
		examples: [
			{
				function: 'billing',
				started_at: '2026-01-05T09:00:00.000Z',
				ends_at: '2026-01-05T09:05:00.000Z',
				waiting: 3,
			},
		],
	});
export type Drill = z.output<typeof Drill>;

const params = z.object({ id: z.uuid().meta({ examples: [example] }) });
const drilled = z.object({ function: z.string().meta({ examples: ['billing'] }) });
const filters = {
	type: z.string().optional(),
	subject: z.string().optional(),
	trace: z
		.string()
		.regex(/^[0-9a-f]{32}$/, 'expected the id of a trace: 32 hex digits, in lower case')
		.optional()
		.describe('The second field of `traceparent`: all that one request caused.'),
};

export const api = contract('/api', {
	listEvents: {
		method: 'GET',
		path: '/events',
		summary:
			'The events, newest first, with their deliveries; as a stream the newest 50, oldest first, and then each that is new or has changed, without payloads',
		access: 'optional',
		query: pageQuery(z.string()).extend(filters),
		returns: z.array(LoggedEvent),
		alternatives: ['text/event-stream'],
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
	replayDeadLetters: {
		method: 'POST',
		path: '/dead-letters/replay',
		summary: 'Publishes the events of all dead letters again, the oldest thousand at most',
		access: 'admin',
		query: z.object({ trigger: z.string().optional().describe('Only what this trigger could not deliver.') }),
		returns: z.object({ replayed: z.int().nonnegative() }).meta({ examples: [{ replayed: 3 }] }),
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
	listDrills: {
		method: 'GET',
		path: '/drills',
		summary: 'The drills that are on',
		access: 'admin',
		returns: z.array(Drill),
	},
	startDrill: {
		method: 'PUT',
		path: '/drills/:function',
		summary: 'Breaks a function on purpose, from now on or for longer: whatever event reaches it, its handling fails',
		access: 'admin',
		params: drilled,
		body: z
			.object({ minutes: z.int().min(1).max(10).default(5).describe('From now on; then it ends by itself.') })
			.meta({ id: 'DrillInput', examples: [{ minutes: 5 }] }),
		returns: Drill,
		problems: [404],
	},
	endDrill: {
		method: 'DELETE',
		path: '/drills/:function',
		summary: 'Mends the function, and publishes what it has not handled again, the oldest thousand at most',
		access: 'admin',
		params: drilled,
		status: 200,
		returns: z.object({ published: z.int().nonnegative() }).meta({ examples: [{ published: 3 }] }),
		problems: [404],
	},
});
