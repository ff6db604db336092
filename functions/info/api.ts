import * as z from 'zod';
import { contract } from '../../kit/declare/contract.ts';

export const FunctionState = z
	.object({
		name: z.string().describe('The Knative Service: `books`, or `books-events` for what reacts to events.'),
		function: z.string().describe('The function it is a target of.'),
		purpose: z.string(),
		signature: z.enum(['http', 'cloudevent']),
		state: z.enum(['zero', 'starting', 'ready']),
		instances: z.int().nonnegative(),
		requests: z
			.int()
			.nonnegative()
			.describe(
				'Those served, as far as is known: on the laptop since its start, with Compose by the containers that run, on a cluster by the instances seen since the start of `info`.',
			),
		path: z.string().nullable().describe('Its first public path; null for what reacts to events, and for the gateway.'),
		cold_starts: z
			.array(z.object({ at: z.iso.datetime(), ms: z.number() }))
			.describe(
				'The last of them, at most 20, oldest first: when an instance could serve, and how long it took until then; a cluster tells it in whole seconds.',
			),
		history: z
			.array(z.object({ at: z.iso.datetime(), instances: z.int().nonnegative() }))
			.describe(
				'How the number of instances changed in the last ten minutes, as far as is known, oldest first; the first entry may be older.',
			),
	})
	.meta({
		id: 'FunctionState',
		examples: [
			{
				name: 'books',
				function: 'books',
				purpose: 'The books on sale and their stock; reserves the copies of an order.',
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
				'The revision of `info` that answers, as Knative names it; the laptop knows one only, `info-laptop`, and Compose none.',
			),
		uptime: z.int().nonnegative().describe('Since the instance that answers was started, in seconds.'),
		runs_on: z.object({
			platform: z.enum(['laptop', 'compose', 'cluster']),
			node: z.string().describe('The version of Node.js.'),
			kubernetes: z.string().nullable(),
			knative: z.string().nullable().describe('The version of Knative Serving, as of the last `bodega deploy`.'),
		}),
		database: z
			.object({ version: z.string(), size: z.int().positive().describe('On disk, in bytes.') })
			.nullable()
			.describe('Null while it does not answer.'),
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
		path: z.string().nullable().describe('Its first public path.'),
		data: z.boolean().describe('Whether it has a schema of its own in the database.'),
		calls: z.array(z.string()).describe('The functions that it may call over HTTP.'),
		emits: z.array(z.string()).describe('The types of the events that it publishes.'),
		reacts: z.array(z.object({ type: z.string(), trigger: z.string() })),
		schedule: z.string().nullable().describe('When a PingSource wakes it: cron with five fields, in UTC.'),
		dead_letters: z.boolean().describe('Whether it is where dead letters go.'),
	})
	.meta({
		id: 'FunctionShape',
		examples: [
			{
				name: 'books',
				purpose: 'The books on sale and their stock; reserves the copies of an order.',
				path: '/api/books',
				data: true,
				calls: [],
				emits: ['dev.bodega.stock.reserved', 'dev.bodega.stock.rejected'],
				reacts: [{ type: 'dev.bodega.order.placed', trigger: 'books-on-order-placed' }],
				schedule: null,
				dead_letters: false,
			},
		],
	});
export type FunctionShape = z.output<typeof FunctionShape>;

export const api = contract('/api', {
	listFunctions: {
		method: 'GET',
		path: '/functions',
		summary: 'Every function with its state, requests served, last cold starts, and instances in the last ten minutes',
		returns: z.array(FunctionState),
	},
	getMap: {
		method: 'GET',
		path: '/map',
		summary: 'Who calls whom, and which events go from where to where, as the functions declare it',
		returns: z.array(FunctionShape),
	},
	getInfo: {
		method: 'GET',
		path: '/info',
		summary: 'Which version of the shop this is, what it runs on, and its functions',
		returns: Info,
	},
});
