import * as z from 'zod';

/** The name in the place of a function's for a drill of the Broker. */
export const broker = 'broker';

const kind = z
	.enum(['outage', 'latency', 'failures', 'poison', 'broker'])
	.describe(
		'`outage`: the function fails to handle every event; `latency`: each handling takes longer; `failures`: a percentage of the attempts fails; `poison`: the function never handles one event, the next one of a type, which becomes a dead letter without retries; `broker`: the Broker loses its memory.',
	);
const milliseconds = z.int().min(1).max(2000);
const percent = z.int().min(1).max(99);
const account = '0198c0de-0000-7000-8000-000000000007';

export const Drill = z
	.object({
		function: z.string().describe('The name of the function, or `broker`.'),
		kind,
		milliseconds: milliseconds
			.nullable()
			.describe('With `latency`: how much longer each handling takes, within a tenth.'),
		percent: percent.nullable().describe('With `failures`: how many of a hundred attempts fail.'),
		type: z.string().nullable().describe('With `poison`: the type of the event.'),
		event: z.string().nullable().describe('With `poison`: the id of the event, as soon as it is emitted.'),
		started_by: z
			.guid()
			.nullable()
			.describe('The id of the account of the admin who started the drill, or changed it last; `null` if not known.'),
		started_at: z.iso.datetime(),
		ends_at: z.iso.datetime().describe('When the drill ends automatically.'),
		seconds_left: z.number().nonnegative().describe('The time until then, by the shop’s clock.'),
		waiting: z
			.int()
			.nonnegative()
			.describe('The number of events since the drill began that the function failed to handle or has not received.'),
	})
	.meta({
		id: 'Drill',
		examples: [
			{
				function: 'billing',
				kind: 'failures',
				milliseconds: null,
				percent: 50,
				type: null,
				event: null,
				started_by: account,
				started_at: '2026-01-05T09:00:00.000Z',
				ends_at: '2026-01-05T09:05:00.000Z',
				seconds_left: 240.5,
				waiting: 3,
			},
		],
	});
export type Drill = z.output<typeof Drill>;

export const DrillInput = z
	.object({
		kind: kind.default('outage'),
		milliseconds: milliseconds
			.optional()
			.describe('Only with `latency`: how much longer each handling takes. The default is 1000.'),
		percent: percent
			.optional()
			.describe('Only with `failures`: how many of a hundred attempts fail. The default is 50.'),
		type: z
			.string()
			.optional()
			.describe('Only with `poison`, which needs it: the type of the event, which the function must react to.'),
		minutes: z.int().min(1).max(10).default(5).describe('The duration from now; then the drill ends automatically.'),
	})
	.meta({
		id: 'DrillInput',
		examples: [{ kind: 'latency', milliseconds: 500, minutes: 5 }],
	});
export type DrillInput = z.output<typeof DrillInput>;
