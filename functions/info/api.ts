import * as z from 'zod';
import { contract } from '../kit/contract.ts';

export const FunctionState = z.object({
	/** The Knative Service: `books`, or `books-events` for what reacts to events. */
	name: z.string(),
	/** The function it is a target of. */
	function: z.string(),
	purpose: z.string(),
	signature: z.enum(['http', 'cloudevent']),
	state: z.enum(['zero', 'starting', 'ready']),
	instances: z.int().nonnegative(),
	/** Requests served, as far as is known: on the laptop since its start, on a cluster by the instances seen since this function's own start. */
	requests: z.int().nonnegative(),
	/** From the start of the last new instance until it could serve, in milliseconds (a cluster tells it in whole seconds). */
	cold_start_ms: z.number().nullable(),
});
export type FunctionState = z.output<typeof FunctionState>;

export const api = contract('/api', {
	listFunctions: {
		method: 'GET',
		path: '/functions',
		summary: 'Every function with its state, instances, requests served and last cold start',
		returns: z.array(FunctionState),
	},
});
