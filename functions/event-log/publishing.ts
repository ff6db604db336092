import * as z from 'zod';
import { attributeOf, catalog, dataschemaOf, type EventType, eventTypeOf } from '../../eventing/catalog/catalog.ts';
import { eventColumns, type StoredEvent } from '../../eventing/outbox.ts';
import type { Queryable } from '../../kit/data/database.ts';
import { Problem } from '../../kit/http/problem.ts';

const subject = z.string().min(1).max(200).describe('What the event is about, such as the id of an order.');
const inputOf = (type: EventType) =>
	z.object({ type: z.literal(attributeOf(type)), subject, data: catalog[type].data as z.ZodType });
type Inputs = [ReturnType<typeof inputOf>, ...ReturnType<typeof inputOf>[]];

/** An event to be published by hand: one of the catalog, with the data that it describes. */
export const EventInput = z
	.discriminatedUnion('type', (Object.keys(catalog) as EventType[]).map(inputOf) as Inputs, {
		error: ({ input }) =>
			typeof input === 'object' ? 'expected a type of the catalog: GET /api/event-types lists them' : undefined,
	})
	.meta({
		id: 'EventInput',
		examples: [
			{
				type: 'dev.bodega.account.deleted',
				subject: '0198c0de-0000-7000-8000-000000000001',
				data: { account_id: '0198c0de-0000-7000-8000-000000000001' },
			},
		],
	});
export type EventInput = z.output<typeof EventInput>;

export const ListedType = z
	.object({
		type: z.string(),
		summary: z.string(),
		example: z.unknown().describe('Data of an event of this type.'),
	})
	.meta({
		id: 'EventType',
		examples: [
			{
				type: 'dev.bodega.account.deleted',
				summary: 'A user deleted their account; functions delete or anonymize what they store about it.',
				example: { account_id: '0198c0de-0000-7000-8000-000000000001' },
			},
		],
	});

/** Lists the types of the catalog. */
export const types = (): z.output<typeof ListedType>[] =>
	Object.entries(catalog).map(([type, { summary, data }]) => ({
		type: attributeOf(type as EventType),
		summary,
		example: (data.meta()?.['examples'] as unknown[] | undefined)?.[0],
	}));

/**
 * Stores an event under the source `/admin`, to be published after the commit. Functions handle it like any other event.
 * @param admin the id of the admin's account
 * @throws {Problem} 422 when no function of this shop emits the type
 */
export async function store(
	tx: Queryable,
	{ type, subject: about, data }: EventInput,
	admin: string,
	traceparent: string,
): Promise<StoredEvent> {
	const dataschema = dataschemaOf(eventTypeOf(type) as EventType);
	const { rows: stored } = await tx.query<{ id: string | null }>(
		'select eventing.publish_by_hand($1, $2, $3, $4, $5, $6) as id',
		[type, about, dataschema, traceparent, JSON.stringify(data), admin],
	);
	const { rows } = await tx.query<StoredEvent>(
		`select ${eventColumns} from eventing.events where source = '/admin' and id = $1`,
		[stored[0]?.id],
	);
	if (rows[0]) return rows[0];
	const detail = 'no function of this shop emits this type';
	throw new Problem(422, `The request is invalid: body.type: ${detail}.`, { errors: [{ field: 'body.type', detail }] });
}
