import * as z from 'zod';
import { contract } from '../kit/contract.ts';

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
				'Those served, as far as is known: on the laptop since its start, on a cluster by the instances seen since the start of `info`.',
			),
		cold_start_ms: z
			.number()
			.nullable()
			.describe('From the start of the last new instance until it could serve; a cluster tells it in whole seconds.'),
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
				cold_start_ms: 61.5,
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
			.describe('The revision of `info` that answers, as Knative names it; the laptop knows one only, `info-laptop`.'),
		uptime: z.int().nonnegative().describe('Since the instance that answers was started, in seconds.'),
		runs_on: z.object({
			platform: z.enum(['laptop', 'cluster']),
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

export const api = contract('/api', {
	listFunctions: {
		method: 'GET',
		path: '/functions',
		summary: 'Every function with its state, instances, requests served and last cold start',
		returns: z.array(FunctionState),
	},
	getInfo: {
		method: 'GET',
		path: '/info',
		summary: 'Which version of the shop this is, what it runs on, and its functions',
		returns: Info,
	},
});
