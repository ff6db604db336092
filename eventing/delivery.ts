import type { EventType } from './catalog.ts';

/**
 * How every trigger's deliveries are retried, in the terms of Knative's delivery spec. Eight retries, doubling from half
 * a second, cover 127 s: a redeployment of the consumer passes unnoticed, and a poison event is shown within minutes.
 */
export const delivery = { retry: 8, backoffPolicy: 'exponential', backoffDelay: 'PT0.5S', timeout: 'PT30S' } as const;

/** A subscription of one function to one type of event, as a Knative Trigger. */
export interface Trigger {
	/** Named by meaning: `books-on-order-placed`. Also the path its deliveries and dead letters arrive on. */
	readonly name: string;
	readonly type: EventType;
	readonly function: string;
}

/** The name of the trigger by which a function handles a type of event. */
export const triggerName = (fn: string, type: EventType): string => `${fn}-on-${type.replaceAll('.', '-')}`;

/** The triggers of some functions, in their order. */
export const triggersOf = (declarations: readonly { name: string; reacts: readonly EventType[] }[]): Trigger[] =>
	declarations.flatMap(({ name, reacts }) =>
		reacts.map((type) => ({ name: triggerName(name, type), type, function: name })),
	);
