import * as z from 'zod';
import type { StoredEvent } from '../../eventing/outbox.ts';

/**
 * A removed event as its row in the database has it. The database formats times, data and deliveries, because JavaScript would
 * round large numbers and cut microseconds.
 */
export interface RemovedEvent extends Omit<StoredEvent, 'data' | 'publication'> {
	readonly cause: string | null;
	readonly relays: number;
	readonly settled_at: string | null;
	readonly published_by: string | null;
	/** JSON. */
	readonly data: string;
	/** JSON in the form of `Deliveries`; null without any. */
	readonly deliveries: string | null;
	/** JSON in the form of `DeadLetters`; null without any. */
	readonly dead_letters: string | null;
}

/**
 * Returns the line of an event in an archive: a CloudEvent in the JSON event format, and a line break. Extension attributes hold
 * what else the shop knows of it. They can hold no objects (CloudEvents 1.0, "Type System"), so deliveries and dead letters are JSON
 * in a string. Every reader would have to join a second file beside this one, and it could be lost alone.
 */
export function lineOf({ data, ...event }: RemovedEvent): string {
	const attributes = JSON.stringify({
		specversion: '1.0',
		id: event.id,
		source: event.source,
		type: event.type,
		subject: event.subject,
		time: event.time,
		dataschema: event.dataschema,
		datacontenttype: 'application/json',
		traceparent: event.traceparent,
		// The name in the extension "Correlation" of CloudEvents.
		causationid: event.cause ?? undefined,
		relays: event.relays,
		settledtime: event.settled_at ?? undefined,
		publishedby: event.published_by ?? undefined,
		deliveries: event.deliveries ?? undefined,
		deadletters: event.dead_letters ?? undefined,
	});
	return `${attributes.slice(0, -1)},"data":${data}}\n`;
}

/** Attempts that failed alike. Older releases stored each on its own, without its publication. */
const Failure = z
	.object({
		publication: z.string().nullable().default(null),
		error: z.string().optional(),
		times: z.int().positive().default(1),
		first_at: z.string().optional(),
		at: z.string(),
	})
	.transform((failure) => ({ ...failure, first_at: failure.first_at ?? failure.at }));

const Deliveries = z.array(
	z.object({
		trigger: z.string(),
		attempts: z.int().nonnegative(),
		received_at: z.string().optional(),
		handled_at: z.string().optional(),
		failures: z.array(Failure),
	}),
);

const DeadLetters = z.array(
	z.object({
		trigger: z.string(),
		destination: z.string().optional(),
		code: z.int().optional(),
		error: z.string().optional(),
		received_at: z.string(),
		resolution: z.enum(['replayed', 'discarded']).optional(),
		resolved_at: z.string().optional(),
	}),
);

const inText = <Schema extends z.ZodType>(schema: Schema) =>
	z
		.string()
		.transform((text, { addIssue }) => {
			try {
				return JSON.parse(text) as unknown;
			} catch {
				addIssue('expected JSON in a string');
				return z.NEVER;
			}
		})
		.pipe(schema);

/** Attributes that a later release adds are ignored. */
const ArchivedEvent = z.object({
	specversion: z.literal('1.0'),
	id: z.string(),
	source: z.string(),
	type: z.string(),
	subject: z.string(),
	time: z.iso.datetime(),
	dataschema: z.string(),
	traceparent: z.string(),
	causationid: z.string().optional(),
	relays: z.int().nonnegative().default(0),
	settledtime: z.iso.datetime().optional(),
	publishedby: z.string().optional(),
	deliveries: inText(Deliveries).default([]),
	deadletters: inText(DeadLetters).default([]),
	data: z.unknown(),
});
export type ArchivedEvent = z.output<typeof ArchivedEvent>;

/** Reads the line of an event. @throws {Error} that says what the line lacks */
export function parseLine(line: string): ArchivedEvent {
	const parsed = ArchivedEvent.safeParse(JSON.parse(line));
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	throw new Error(`not an archived event: ${issue?.path.join('.')}: ${issue?.message}`);
}
