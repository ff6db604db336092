import * as z from 'zod';
import { attributeOf, catalog, dataschemaOf, type EventType, eventTypeOf } from '../../eventing/catalog/catalog.ts';
import { eventColumns, type StoredEvent } from '../../eventing/outbox.ts';
import type { Queryable } from '../../kit/data/database.ts';
import { Problem } from '../../kit/http/problem.ts';

const attributes = (Object.keys(catalog) as EventType[]).map(attributeOf);

/** An event to be published by hand. Its type is in the catalog, and its data are what the catalog says. */
export const EventInput = z
	.object({
		type: z.enum(attributes, 'expected a type of the catalog: GET /api/event-types lists them'),
		subject: z.string().min(1).max(200).describe('What the event is about, such as the id of an order.'),
		data: z.unknown().describe('The payload, as the catalog of the type describes it.'),
	})
	.superRefine(({ type, data }, context) => {
		const { error } = catalog[eventTypeOf(type) as EventType].data.safeParse(data);
		for (const { path, message } of error?.issues ?? [])
			context.addIssue({ code: 'custom', path: ['data', ...path], message });
	})
	.meta({
		id: 'EventInput',
		examples: [
			{
				type: 'dev.bodega.order.placed',
				subject: '1',
				data: {
					order_id: 1,
					customer_name: 'Ada',
					lines: [{ book_id: 1, title: 'Clean Code', quantity: 2, unit_price: '29.99' }],
				},
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
	{ type, subject, data }: EventInput,
	admin: string,
	traceparent: string,
): Promise<StoredEvent> {
	const dataschema = dataschemaOf(eventTypeOf(type) as EventType);
	const { rows: stored } = await tx.query<{ id: string | null }>(
		'select eventing.publish_by_hand($1, $2, $3, $4, $5, $6) as id',
		[type, subject, dataschema, traceparent, JSON.stringify(data), admin],
	);
	const { rows } = await tx.query<StoredEvent>(
		`select ${eventColumns} from eventing.events where source = '/admin' and id = $1`,
		[stored[0]?.id],
	);
	if (rows[0]) return rows[0];
	const detail = 'no function of this shop emits this type';
	throw new Problem(422, `The request is invalid: body.type: ${detail}.`, { errors: [{ field: 'body.type', detail }] });
}
