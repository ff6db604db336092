import * as z from 'zod';
import { DeliveryStatus } from './delivery.ts';

/** Selects events of the log. An event has to match each filter that is given. */
export const filters = z.object({
	type: z.string().optional(),
	subject: z.string().optional().describe('Matches only events whose subject the caller can see.'),
	function: z
		.string()
		.optional()
		.describe(
			'Selects the events that this function emits or that are delivered to it; with `status`, only the latter.',
		),
	status: DeliveryStatus.optional().describe('Selects the events with a delivery of this status.'),
	trace: z
		.string()
		.regex(/^[0-9a-f]{32}$/, 'expected a trace id: 32 hexadecimal digits, in lower case')
		.optional()
		.describe('The trace id, which is the second field of `traceparent`. Selects all events that one request caused.'),
});
export type Filters = z.output<typeof filters>;
