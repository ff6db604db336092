import * as z from 'zod';
import { contract } from '../../kit/declare/contract.ts';
import { CurrentScaling, FunctionCode, FunctionDetail, LogLine, Scaling, severities } from './detail.ts';

export type { CodeOperation, CurrentScaling, FunctionCode, FunctionDetail, LogLine, Scaling } from './detail.ts';

export const FunctionState = z
	.object({
		name: z
			.string()
			.describe('The name of the Knative Service: `books`, or `books-events` for the part that reacts to events.'),
		function: z.string().describe('The function that the Service belongs to.'),
		purpose: z.string(),
		signature: z.enum(['http', 'cloudevent']),
		state: z.enum(['zero', 'starting', 'ready']),
		instances: z.int().nonnegative(),
		requests: z
			.int()
			.nonnegative()
			.describe(
				'The number of requests served: on the laptop since its start, with Compose by the running containers, on a cluster by the instances seen since the start of `info`.',
			),
		path: z
			.string()
			.nullable()
			.describe('The first public path; null for Services that react to events, and for the gateway.'),
		cold_starts: z
			.array(z.object({ at: z.iso.datetime(), ms: z.number() }))
			.describe(
				'The last 20 cold starts, oldest first: when an instance became ready, and how long its start took. A cluster reports whole seconds.',
			),
		history: z
			.array(z.object({ at: z.iso.datetime(), instances: z.int().nonnegative() }))
			.describe(
				'The observed changes of the number of instances in the last ten minutes, oldest first; the first entry can be older.',
			),
	})
	.meta({
		id: 'FunctionState',
		examples: [
			{
				name: 'books',
				function: 'books',
				purpose: 'Holds the books on sale and their stock, and reserves the copies of an order.',
				signature: 'http',
				state: 'ready',
				instances: 1,
				requests: 42,
				path: '/api/books',
				cold_starts: [{ at: '2026-01-05T09:00:00.000Z', ms: 62 }],
				history: [{ at: '2026-01-05T09:00:00.000Z', instances: 1 }],
			},
		],
	});
export type FunctionState = z.output<typeof FunctionState>;

export const Info = z
	.object({
		name: z.string(),
		version: z.string(),
		revision: z
			.string()
			.nullable()
			.describe(
				'The Knative revision of the responding `info` instance; always `info-laptop` on the laptop, and null with Compose.',
			),
		uptime: z.int().nonnegative().describe('The time since the responding instance started, in seconds.'),
		runs_on: z.object({
			platform: z.enum(['laptop', 'compose', 'cluster']),
			node: z.string().describe('The version of Node.js.'),
			kubernetes: z.string().nullable(),
			knative: z.string().nullable().describe('The version of Knative Serving at the last `bodega deploy`.'),
		}),
		database: z
			.object({ version: z.string(), size: z.int().positive().describe('The size on disk, in bytes.') })
			.nullable()
			.describe('Null while the database does not answer.'),
		functions: z.array(FunctionState),
	})
	.meta({
		id: 'Info',
		examples: [
			{
				name: 'bodega',
				version: '0.1.0',
				revision: 'info-00003',
				uptime: 12,
				runs_on: { platform: 'cluster', node: 'v24.0.0', kubernetes: 'v1.35.4', knative: '1.23.0' },
				database: { version: '18.4', size: 9_437_184 },
				functions: [],
			},
		],
	});
export type Info = z.output<typeof Info>;

export const FunctionShape = z
	.object({
		name: z.string(),
		purpose: z.string(),
		path: z.string().nullable().describe('The first public path of the function.'),
		data: z.boolean().describe('Whether the function has its own schema in the database.'),
		calls: z.array(z.string()).describe('The functions that it is allowed to call over HTTP.'),
		emits: z.array(z.string()).describe('The types of events that it publishes.'),
		reacts: z.array(z.object({ type: z.string(), trigger: z.string() })),
		wakes: z
			.array(z.object({ operation: z.string(), services: z.array(z.string()) }))
			.describe('The Services that are woken while a request for an operation is on its way, if they are at zero.'),
		schedule: z.string().nullable().describe('When a PingSource calls it: a cron expression with five fields, in UTC.'),
		dead_letters: z.boolean().describe('Whether it receives the dead letters.'),
	})
	.meta({
		id: 'FunctionShape',
		examples: [
			{
				name: 'books',
				purpose: 'Holds the books on sale and their stock, and reserves the copies of an order.',
				path: '/api/books',
				data: true,
				calls: [],
				emits: ['dev.bodega.stock.reserved', 'dev.bodega.stock.rejected'],
				reacts: [{ type: 'dev.bodega.order.placed', trigger: 'books-on-order-placed' }],
				wakes: [],
				schedule: null,
				dead_letters: false,
			},
		],
	});
export type FunctionShape = z.output<typeof FunctionShape>;

const params = z.object({ name: z.string().meta({ examples: ['books'] }) });

export const api = contract('/api', {
	listFunctions: {
		method: 'GET',
		path: '/functions',
		summary:
			'Lists every function with its state, requests served, last cold starts, and instances in the last ten minutes',
		returns: z.array(FunctionState),
	},
	getFunction: {
		method: 'GET',
		path: '/functions/:name',
		summary: 'Returns the durations and errors of a function’s requests, and how it scales now',
		params,
		returns: FunctionDetail,
		problems: [404],
	},
	getCode: {
		method: 'GET',
		path: '/functions/:name/code',
		summary: 'Returns a function’s declaration, operations, source and manifests',
		params,
		returns: FunctionCode,
		problems: [404],
	},
	readLog: {
		method: 'GET',
		path: '/functions/:name/log',
		summary: 'Lists the last log lines of a function’s instances, oldest first; as an event stream, also each new one',
		access: 'admin',
		params,
		query: z.object({
			severity: z.enum(severities).default('DEBUG').describe('Leaves out lines that are less severe.'),
			trace: z
				.string()
				.regex(/^[0-9a-f]{1,32}$/, 'expected 1 to 32 hexadecimal digits in lower case')
				.meta({ pattern: '^[0-9a-f]{1,32}$', examples: ['0af7651916cd43dd8448eb211c80319c'] })
				.optional()
				.describe('Leaves out the lines of other traces: the first digits of a trace id.'),
		}),
		returns: z.array(LogLine),
		alternatives: ['text/event-stream'],
		problems: [404, 409],
	},
	scaleFunction: {
		method: 'PUT',
		path: '/functions/:name/scaling',
		summary: 'Changes how a function scales on a laptop, immediately and until the shop is closed',
		access: 'admin',
		params,
		body: Scaling,
		returns: CurrentScaling,
		problems: [404, 409],
	},
	getMap: {
		method: 'GET',
		path: '/map',
		summary: 'Returns which functions call each other and which events they exchange, as they declare it',
		returns: z.array(FunctionShape),
	},
	getInfo: {
		method: 'GET',
		path: '/info',
		summary: 'Returns the version of the shop, its platform, and its functions',
		returns: Info,
	},
});
