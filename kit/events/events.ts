import type { CloudEventFunction } from '@google-cloud/functions-framework';
import { catalog, type EventData, type EventType, eventTypeOf } from '../../eventing/catalog.ts';
import { triggerName } from '../../eventing/delivery.ts';
import { accept, complete, reject } from '../../eventing/inbox.ts';
import type { Transaction } from '../data/database.ts';
import type { Declaration } from '../declare/declare.ts';
import { messageOf } from '../http/problem.ts';
import type { Context } from '../serve/context.ts';
import { log, logLine } from '../trace/log.ts';
import { span } from '../trace/span.ts';
import { currentTrace } from '../trace/trace.ts';

/** An event as it arrived, its data validated by the catalog. */
export interface ReceivedEvent<Type extends EventType = EventType> {
	readonly id: string;
	readonly source: string;
	readonly type: Type;
	readonly subject: string;
	readonly data: EventData<Type>;
}

/**
 * What a function does when events reach it, one reaction a type. A reaction runs in the transaction that notes the
 * delivery: whatever it writes and emits happens once, however often the event comes. It throws to be given it again.
 */
export type Reactions<Of extends Declaration> = {
	readonly [Type in Of['reacts'][number]]: (
		event: ReceivedEvent<Type>,
		tx: Transaction<Of['emits'][number]>,
		context: Context,
	) => Promise<void>;
};

/** An event that reached a function by another way than a trigger: from a PingSource, or as a dead letter. */
export interface DirectEvent {
	readonly id: string;
	readonly source: string;
	readonly type: string;
	readonly data?: unknown;
	readonly [extension: string]: unknown;
}

/** What a function exports from its `events.ts`. */
export interface EventHandlers {
	readonly reactions?: Partial<Reactions<Declaration>>;
	/** Called by the PingSource of the declaration's `schedule`. */
	readonly onSchedule?: (context: Context) => Promise<void>;
	/** Called with each dead letter and the name of the trigger it could not be delivered by. */
	readonly onDeadLetter?: (event: DirectEvent, trigger: string, context: Context) => Promise<void>;
}

/**
 * The function of the functions framework that handles events. It returns nothing (204): any value would be sent as a
 * reply that is no event, which a Broker counts as a failure.
 */
export function eventFunction(handlers: EventHandlers, context: Context): CloudEventFunction<unknown> {
	return async (cloudEvent) => {
		const event = cloudEvent as unknown as DirectEvent;
		try {
			if (handlers.onSchedule) await handlers.onSchedule(context);
			else if (handlers.onDeadLetter)
				await handlers.onDeadLetter(event, (currentTrace()?.path ?? '').slice(1), context);
			else
				await span(`process ${event.type}`, 'consumer', { 'cloudevents.event_id': event.id }, () =>
					consume(event, handlers.reactions ?? {}, context),
				);
		} catch (error) {
			// The framework prints the stack of what is thrown, and answers with its message: the one is made the line of the log.
			const stack = logLine('ERROR', 'an event could not be handled', { event: event.id, type: event.type, error });
			throw Object.assign(new Error(messageOf(error)), { stack });
		}
	};
}

type AnyReaction = (event: ReceivedEvent, tx: Transaction, context: Context) => Promise<void>;

async function consume(
	event: DirectEvent,
	reactions: Partial<Reactions<Declaration>>,
	context: Context,
): Promise<void> {
	const type = eventTypeOf(event.type) as EventType;
	const { source, id } = event;
	const delivery = { source, id, trigger: triggerName(context.declaration.name, type), begun: performance.now() };
	try {
		const reaction = reactions[type] as AnyReaction | undefined;
		if (!reaction) throw new Error(`${context.declaration.name} does not react to ${type}; is a trigger left over?`);
		const data = catalog[type].data.parse(event.data);
		await context.transaction(async (tx) => {
			if (await accept(tx, delivery)) {
				await reaction({ ...event, type, data } as ReceivedEvent, tx, context);
				await complete(tx, delivery);
			} else log.info('an event came again and was handled before', { event: id, type });
		}, id);
	} catch (error) {
		await reject(context.db, delivery, messageOf(error)).catch((failure) =>
			log.warn('the failed attempt could not be noted', { error: messageOf(failure) }),
		);
		throw error;
	}
}
