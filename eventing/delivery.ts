import type { EventType } from './catalog/catalog.ts';

/**
 * The retries of every trigger's deliveries, in the terms of Knative's delivery spec. Eight retries, with delays
 * doubling from 0.5 s, cover 127 s: enough for a redeployment of the consumer, while a poison event is reported within
 * minutes.
 */
export const delivery = { retry: 8, backoffPolicy: 'exponential', backoffDelay: 'PT0.5S', timeout: 'PT30S' } as const;

/**
 * Returns the Broker's pause in milliseconds after a publication's failed attempt, which is numbered from 1; undefined after the
 * last one. The pause is longer if earlier attempts did not reach the function.
 */
export const pauseAfter = (attempt: number): number | undefined =>
	attempt > delivery.retry ? undefined : 500 * 2 ** (attempt - 1);

/** A subscription of one function to one type of event, as a Knative Trigger. */
export interface Trigger {
	/** For example `books-on-order-placed`. It is also the path of its deliveries and dead letters. */
	readonly name: string;
	readonly type: EventType;
	readonly function: string;
}

export const triggerName = (fn: string, type: EventType): string => `${fn}-on-${type.replaceAll('.', '-')}`;

/** Returns the function of the trigger of a type. The trigger and its function need not exist any more. */
export const functionOf = (trigger: string, type: EventType): string => trigger.slice(0, -triggerName('', type).length);

export const triggersOf = (declarations: readonly { name: string; reacts: readonly EventType[] }[]): Trigger[] =>
	declarations.flatMap(({ name, reacts }) =>
		reacts.map((type) => ({ name: triggerName(name, type), type, function: name })),
	);
