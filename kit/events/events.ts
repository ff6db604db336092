import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import type { CloudEventFunction } from '@google-cloud/functions-framework';
import { attributeOf, catalog, type EventData, type EventType, eventTypeOf } from '../../eventing/catalog/catalog.ts';
import { triggerName } from '../../eventing/delivery.ts';
import { accept, complete, countRefusal, isStored, reject } from '../../eventing/inbox.ts';
import { publicationOf } from '../../eventing/outbox.ts';
import { isAway } from '../data/away.ts';
import type { Transaction } from '../data/database.ts';
import type { Declaration } from '../declare/declare.ts';
import { sendProblem } from '../http/answer.ts';
import { messageOf, Problem, unavailable } from '../http/problem.ts';
import type { Context } from '../serve/context.ts';
import { log, logLine } from '../trace/log.ts';
import { span } from '../trace/span.ts';
import { currentTrace } from '../trace/trace.ts';

/** A received event, with data that the catalog has validated. */
interface ReceivedEvent<Type extends EventType = EventType> {
	readonly id: string;
	readonly source: string;
	readonly type: Type;
	readonly subject: string;
	readonly data: EventData<Type>;
}

/**
 * The reactions of a function, one per event type. A reaction runs in the transaction that records the delivery, so its
 * writes and events happen once, even if the event is delivered repeatedly. It throws to have the delivery retried.
 */
export type Reactions<Of extends Declaration> = {
	readonly [Type in Of['reacts'][number]]: (
		event: ReceivedEvent<Type>,
		tx: Transaction<Of['emits'][number]>,
		context: Context,
	) => Promise<void>;
};

/**
 * The lane of a reaction: the name of a row that it locks, and that many events have in common. The reactions of a lane run
 * one after the other in an instance, so that those that wait for the row hold no connection.
 */
export type Lanes<Of extends Declaration> = {
	readonly [Type in Of['reacts'][number]]?: (data: EventData<Type>) => string;
};

/** An event that does not come from a trigger, but from a PingSource or as a dead letter. */
export interface DirectEvent {
	readonly id: string;
	readonly source: string;
	readonly type: string;
	readonly subject?: string;
	readonly data?: unknown;
	readonly [extension: string]: unknown;
}

/** The exports of a function's `events.ts`. */
export interface EventHandlers {
	readonly reactions?: Partial<Reactions<Declaration>>;
	readonly lanes?: Lanes<Declaration>;
	/** Called by the PingSource of the declaration's `schedule`. */
	readonly onSchedule?: (context: Context) => Promise<void>;
	/** Called with each dead letter and the name of the trigger that failed to deliver it. */
	readonly onDeadLetter?: (event: DirectEvent, trigger: string, context: Context) => Promise<void>;
}

/** The handler returns nothing (204), because a Broker counts any reply that is not an event as a failure. */
export function eventFunction(handlers: EventHandlers, context: Context): CloudEventFunction<unknown> {
	return async (cloudEvent) => {
		const event = cloudEvent as unknown as DirectEvent;
		try {
			if (handlers.onSchedule) await handlers.onSchedule(context);
			else if (handlers.onDeadLetter) {
				if (!(await isStored(context.db, contentOf(event)))) throw unknownEvent(event);
				await handlers.onDeadLetter(event, (currentTrace()?.path ?? '').slice(1), context);
			} else
				await span(`process ${event.type}`, 'consumer', { 'cloudevents.event_id': event.id }, () =>
					consume(event, handlers, context),
				);
		} catch (error) {
			// A Broker does not retry a 4xx. The framework can only answer 500, and leaves an answer that is already sent.
			const problem = isAway(error) ? unavailable(messageOf(error), error) : error;
			const response = responding.getStore();
			if (problem instanceof Problem && response) sendProblem(response, problem, currentTrace()?.traceId);
			const isRefused = problem instanceof Problem && problem.status < 500;
			// The framework prints the error's stack and answers with its message, so the stack is set to a log line.
			const stack = logLine(isRefused ? 'WARNING' : 'ERROR', 'cannot handle an event', {
				...{ event: event.id, type: event.type, error },
			});
			throw Object.assign(new Error(messageOf(error)), { stack });
		}
	};
}

/** The response to the event that is being handled. */
export const responding = new AsyncLocalStorage<ServerResponse>();

/** Returns the part of an event that the outbox stores. */
const contentOf = ({ source, id, type, subject = '', data }: DirectEvent) => ({ source, id, type, subject, data });

/** A publisher can send anything to a Broker, so an event counts only if a function has emitted it. */
const unknownEvent = ({ id, source, type }: DirectEvent): Problem =>
	new Problem(403, `No function has emitted this event: ${type} ${id} of ${source}, with this subject and these data.`);

type AnyReaction = (event: ReceivedEvent, tx: Transaction, context: Context) => Promise<void>;

async function consume(
	event: DirectEvent,
	{ reactions = {}, lanes = {} }: EventHandlers,
	context: Context,
): Promise<void> {
	const type = eventTypeOf(event.type) as EventType;
	const { id } = event;
	const trigger = triggerName(context.declaration.name, type);
	const delivery = { ...contentOf(event), trigger, publication: publicationOf(event), begun: performance.now() };
	try {
		const reaction = reactions[type] as AnyReaction | undefined;
		// Another shop's event, without our prefix, can have the rest of its type in common with ours.
		if (!reaction || attributeOf(type) !== event.type)
			throw new Error(`${context.declaration.name} does not react to ${event.type}; check for a leftover trigger`);
		const data = catalog[type].data.safeParse(event.data);
		const lane = data.success ? (lanes[type] as ((data: unknown) => string) | undefined)?.(data.data) : undefined;
		const handle = async (tx: Transaction): Promise<void> => {
			const attempt = await accept(tx, delivery);
			if (attempt === 'unknown') throw unknownEvent(event);
			if (attempt === 'first') {
				if (!data.success) throw data.error;
				await reaction({ ...event, type, data: data.data } as ReceivedEvent, tx, context);
				await complete(tx, delivery);
			} else log.info('ignored a repeated delivery of a handled event', { event: id, type });
		};
		await context.transaction(handle, { cause: id, lane });
	} catch (error) {
		// An unknown event gets no delivery of its own, or a stranger could fill the table.
		const record =
			error instanceof Problem && error.status < 500
				? countRefusal(context.db, trigger)
				: reject(context.db, delivery, messageOf(error));
		await record.catch((failure) => log.warn('cannot record a failed attempt', { error: messageOf(failure) }));
		throw error;
	}
}
