import type * as z from 'zod';
import { shop } from '../../shop.ts';
import { billing } from './billing.ts';
import { books } from './books.ts';
import { orders } from './orders.ts';
import { users } from './users.ts';

const types = {
	...orders,
	...books,
	...billing,
	...users,
} as const;

/** The definition of each event type. An interface, so that tests can add the types of their own functions. */
export interface Catalog extends Readonly<typeof types> {}

/**
 * Every event type of the shop, with its meaning and the schema of its data. Emitters and handlers name the type as a
 * constant, so an editor's "Go to Definition" and "Find All References" walk the event graph.
 */
export const catalog = types as Catalog;

export type EventType = keyof Catalog;
export type EventData<Type extends EventType> = z.output<Catalog[Type]['data']>;

/** Returns the CloudEvents `type` attribute of an event type: `dev.bodega.order.placed`. */
export const attributeOf = (type: EventType): string => `${shop.eventPrefix}.${type}`;

/** Returns the event type of a `type` attribute. Other shops' attributes stay unchanged. */
export const eventTypeOf = (attribute: string): string =>
	attribute.startsWith(`${shop.eventPrefix}.`) ? attribute.slice(shop.eventPrefix.length + 1) : attribute;

/** Returns the `dataschema` attribute (CloudEvents 1.0, an absolute URI). It changes with incompatible data. */
export const dataschemaOf = (type: EventType): string => `urn:${shop.name}:event:${type}:${catalog[type].version}`;
