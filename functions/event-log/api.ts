import * as z from 'zod';
import { contract } from '../../kit/declare/contract.ts';
import { pageQuery } from '../../kit/http/pagination.ts';
import * as traces from '../../kit/trace/traces-data.ts';
import * as deadLetters from './dead-letter.ts';
import * as drills from './drills/drill.ts';
import { Delivery, exampleOf } from './log/delivery.ts';
import { filters } from './log/query.ts';
import { EventInput, ListedType } from './publishing.ts';
import { Recording } from './recording.ts';

const example = '0198c0de-0000-7000-8000-000000000001';

export const LoggedEvent = z
	.object({
		id: z.string(),
		source: z.string(),
		type: z.string(),
		subject: z
			.string()
			.optional()
			.describe(
				'What the event is about. If the event belongs to an account, only that account and admins receive the subject; if the subject is a secret, such as the id of an invoice, only they do.',
			),
		time: z.iso.datetime(),
		dataschema: z.string(),
		traceparent: z.string(),
		cause: z
			.string()
			.nullable()
			.describe('The id of the event whose handling emitted this one; `null` if a request emitted it.'),
		origin: z
			.object({ id: z.string(), type: z.string(), subject: z.string().optional() })
			.describe(
				'The first event of its trace, which a request emitted; it can be the event itself. Its subject follows the same rule.',
			),
		relays: z.int().nonnegative().describe('How often the relay republished the event.'),
		relay_after: z.iso
			.datetime()
			.nullable()
			.describe(
				'When the relay republishes the event again at the earliest, if it stays unhandled; `null` if it does not, or before its first time.',
			),
		published_by: z
			.string()
			.nullable()
			.optional()
			.describe(
				'The id of the admin who published the event by hand, so that its source is `/admin`; `null` for an event of a function. Only an admin receives it.',
			),
		data: z.unknown().optional().describe('The payload; only an admin receives it.'),
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
				dataschema: 'urn:bodega:event:order.placed:2',
				traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
				cause: null,
				origin: { id: example, type: 'dev.bodega.order.placed', subject: '1' },
				relays: 0,
				relay_after: null,
				deliveries: [exampleOf.delivery],
			},
		],
	});
export type LoggedEvent = z.output<typeof LoggedEvent>;

export type DeadLetter = z.output<typeof deadLetters.DeadLetter>;
export type Drill = z.output<typeof drills.Drill>;
export type TracesData = z.output<typeof traces.TracesData>;

const params = z.object({ id: z.guid().meta({ examples: [example] }) });
const drilled = z.object({
	function: z
		.string()
		.describe('The name of a function that reacts to events, or `broker`.')
		.meta({ examples: ['billing'] }),
});
export const api = contract('/api', {
	listEvents: {
		method: 'GET',
		path: '/events',
		summary:
			'Lists the events with their deliveries, newest first; as a stream, sends the newest 50, oldest first, then each new or changed event, all without payloads',
		access: 'optional',
		query: pageQuery(z.string()).extend(filters.shape),
		returns: z.array(LoggedEvent),
		alternatives: ['text/event-stream'],
	},
	getEvent: {
		method: 'GET',
		path: '/events/:id',
		summary: 'Returns one event with its deliveries',
		access: 'optional',
		params: z.object({ id: z.string().meta({ examples: [example] }) }),
		returns: LoggedEvent,
		problems: [404],
	},
	listEventTypes: {
		method: 'GET',
		path: '/event-types',
		summary: 'Lists the types of the catalog of events, each with an example of its data',
		returns: z.array(ListedType),
	},
	publishEvent: {
		method: 'POST',
		path: '/events',
		summary: 'Publishes an event by hand, which functions handle like any other',
		access: 'admin',
		body: EventInput,
		status: 201,
		returns: LoggedEvent,
	},
	listDeadLetters: {
		method: 'GET',
		path: '/dead-letters',
		summary: 'Lists the dead letters, newest first',
		access: 'admin',
		query: pageQuery(z.guid()),
		returns: z.array(deadLetters.DeadLetter),
	},
	replayDeadLetter: {
		method: 'POST',
		path: '/dead-letters/:id/replay',
		summary: 'Publishes the event of an open dead letter again, with the same id',
		access: 'admin',
		params,
		status: 202,
		problems: [404],
	},
	replayDeadLetters: {
		method: 'POST',
		path: '/dead-letters/replay',
		summary: 'Publishes the events of all dead letters again, at most the oldest thousand',
		access: 'admin',
		query: z.object({ trigger: z.string().optional().describe('Only the dead letters of this trigger.') }),
		returns: z.object({ replayed: z.int().nonnegative() }).meta({ examples: [{ replayed: 3 }] }),
	},
	discardDeadLetter: {
		method: 'DELETE',
		path: '/dead-letters/:id',
		summary: 'Discards an open dead letter for good: nobody sends its event to the function again',
		access: 'admin',
		params,
		status: 204,
		problems: [404],
	},
	getRecording: {
		method: 'GET',
		path: '/recording',
		summary: 'Returns where the functions send the spans of their traces, and whether this shop records them',
		access: 'admin',
		returns: Recording,
	},
	startRecording: {
		method: 'PUT',
		path: '/recording',
		summary: 'Records traces for some minutes, in the memory of a shop on a laptop; each function then restarts once',
		access: 'admin',
		body: z
			.object({
				minutes: z.int().min(1).max(60).default(10).describe('The duration from now; then the recording ends.'),
			})
			.meta({ id: 'RecordingInput', examples: [{ minutes: 10 }] }),
		returns: Recording,
		problems: [409],
	},
	endRecording: {
		method: 'DELETE',
		path: '/recording',
		summary: 'Ends the recording of traces; each function then restarts once, and the recorded traces stay',
		access: 'admin',
		status: 200,
		returns: Recording,
		problems: [409],
	},
	getTrace: {
		method: 'GET',
		path: '/traces/:trace',
		summary: 'Returns the recorded HTTP calls, queries and events of a trace as OTLP; none if it is not recorded',
		access: 'admin',
		params: z.object({
			trace: z
				.string()
				.regex(/^[0-9a-f]{32}$/, 'expected a trace id: 32 hexadecimal digits, in lower case')
				.meta({ examples: ['0af7651916cd43dd8448eb211c80319c'] }),
		}),
		returns: traces.TracesData,
	},
	listDrills: {
		method: 'GET',
		path: '/drills',
		summary: 'Lists the active drills',
		access: 'admin',
		returns: z.array(drills.Drill),
	},
	getDrill: {
		method: 'GET',
		path: '/drills/:function',
		summary: 'Returns the active drill of a function',
		access: 'admin',
		params: drilled,
		returns: drills.Drill,
		problems: [404],
	},
	startDrill: {
		method: 'PUT',
		path: '/drills/:function',
		summary:
			'Starts, extends or changes a drill: a fault of a function’s event handling, or the loss of the Broker’s memory (409 where only an operator can cause that)',
		access: 'admin',
		params: drilled,
		body: drills.DrillInput,
		returns: drills.Drill,
		problems: [404, 409],
	},
	endDrill: {
		method: 'DELETE',
		path: '/drills/:function',
		summary:
			'Ends a drill, and republishes the events that were not handled during it, at most the oldest thousand, without a poisoned one',
		access: 'admin',
		params: drilled,
		status: 200,
		returns: z.object({ published: z.int().nonnegative() }).meta({ examples: [{ published: 3 }] }),
		problems: [404],
	},
});
