import * as z from 'zod';

const Failure = z.object({
	publication: z
		.string()
		.nullable()
		.describe(
			'The publication that the attempts belong to: `first`, or one by the `relay`, a `replay` by an admin or the end of a `drill`, with a number that rises with each, such as `relay-12`. `null` if that is not known.',
		),
	error: z.string().optional().describe('Only an admin receives it.'),
	times: z.int().positive().describe('The number of attempts of the publication that failed with this error.'),
	first_at: z.iso.datetime().describe('When the first of them failed.'),
	at: z.iso.datetime().describe('When the last of them failed.'),
});
export type Failure = z.output<typeof Failure>;

export const failures = z
	.array(Failure)
	.describe('The failed attempts that reached the function, oldest first: the last 20 different ones.');
export const unlisted_failures = z
	.int()
	.nonnegative()
	.describe('The number of earlier failed attempts, which are not in `failures`.');

export const DeliveryStatus = z.enum(['pending', 'failing', 'handled', 'dead', 'discarded']);

export const Delivery = z.object({
	trigger: z.string(),
	function: z.string(),
	status: DeliveryStatus.describe(
		'`pending`: not attempted yet; `failing`: attempted, and retried later; `dead`: all retries failed, see the dead letters.',
	),
	attempts: z.int().nonnegative().describe('The number of attempts that reached the function, of all publications.'),
	failures,
	unlisted_failures,
	retry_after: z.iso
		.datetime()
		.nullable()
		.describe(
			'When the Broker makes the next attempt at the earliest, unless it lost the event; `null` if it makes none, or if that is not known.',
		),
	resolution: z
		.enum(['replayed', 'discarded'])
		.nullable()
		.describe(
			'What an admin did with its dead letter. A delivery that was discarded can still be handled by an attempt that was under way.',
		),
	drill_until: z.iso.datetime().nullable().describe('While a drill makes attempts fail: when that ends automatically.'),
	received_at: z.iso.datetime().nullable().describe('When the last attempt began.'),
	handled_at: z.iso.datetime().nullable().describe('When the handling of the event began that succeeded.'),
});

const failure = {
	publication: 'first',
	error: 'the database is not reachable',
	times: 1,
	first_at: '2026-01-05T09:00:00.110Z',
	at: '2026-01-05T09:00:00.110Z',
};
const delivery = {
	trigger: 'books-on-order-placed',
	function: 'books',
	status: 'handled',
	attempts: 2,
	failures: [failure],
	unlisted_failures: 0,
	retry_after: null,
	resolution: null,
	drill_until: null,
	received_at: '2026-01-05T09:00:00.600Z',
	handled_at: '2026-01-05T09:00:00.610Z',
} as const;
export const exampleOf = { failure: { ...failure, times: 9, at: '2026-01-05T09:02:09.910Z' }, delivery };
