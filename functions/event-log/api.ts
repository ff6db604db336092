import * as z from 'zod';
import { contract } from '../kit/contract.ts';
import { pageQuery } from '../kit/page.ts';

export const Delivery = z.object({
	trigger: z.string(),
	function: z.string(),
	/** `pending`: not seen yet; `failing`: tried, and to be tried again; `dead`: given up on, see the dead letters. */
	status: z.enum(['pending', 'failing', 'handled', 'dead', 'discarded']),
	/** Attempts that reached the function. */
	attempts: z.int().nonnegative(),
	last_error: z.string().nullable(),
	first_attempt_at: z.iso.datetime().nullable(),
	handled_at: z.iso.datetime().nullable(),
});

export const LoggedEvent = z.object({
	id: z.string(),
	source: z.string(),
	type: z.string(),
	subject: z.string(),
	time: z.iso.datetime(),
	dataschema: z.string(),
	traceparent: z.string(),
	/** How often the relay published it again. */
	relays: z.int().nonnegative(),
	/** The payload, for an admin only. */
	data: z.unknown().optional(),
	deliveries: z.array(Delivery),
});
export type LoggedEvent = z.output<typeof LoggedEvent>;

export const DeadLetter = z.object({
	id: z.uuid(),
	trigger: z.string(),
	event: z.object({
		id: z.string(),
		source: z.string(),
		type: z.string(),
		subject: z.string().optional(),
		data: z.unknown(),
	}),
	/** Where it could not be delivered, the status that was answered (0 for none), and what was answered with it. */
	destination: z.string().nullable(),
	code: z.int().nullable(),
	error: z.string().nullable(),
	received_at: z.iso.datetime(),
});
export type DeadLetter = z.output<typeof DeadLetter>;

const params = z.object({ id: z.uuid() });
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
		params: z.object({ id: z.string() }),
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
