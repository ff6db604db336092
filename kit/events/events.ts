import { attributeOf, catalog, type EventData, type EventType, eventTypeOf } from '../../eventing/catalog/catalog.ts';
import { triggerName } from '../../eventing/delivery.ts';
import { type Attempt, accept, countRefusal, isPoison, lookUp, reject } from '../../eventing/inbox.ts';
import { publicationOf } from '../../eventing/outbox.ts';
import { isAway } from '../data/away.ts';
import type { Transaction } from '../data/database.ts';
import type { Declaration } from '../declare/declare.ts';
import { problemOf, sendProblem } from '../http/answer.ts';
import type { HttpHandler } from '../http/http.ts';
import { messageOf, Problem, unavailable } from '../http/problem.ts';
import { readBody } from '../net/body.ts';
import type { Context } from '../serve/context.ts';
import { log } from '../trace/log.ts';
import { span } from '../trace/span.ts';
import { currentTrace } from '../trace/trace.ts';
import { type IncomingEvent, readEvent } from './incoming.ts';

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
 * The lane of a reaction: the name of a row that it locks, and that many events have in common, or of reactions that are to share
 * commits. The reactions of a lane run one after the other in an instance, so that those that wait hold no connection. Those
 * that have waited run in one transaction, and each alone after one of them has failed. A reaction that is `alone` never shares
 * its transaction: it locks several rows, and the locks of others before it could make a deadlock.
 */
export type Lane = string | { readonly alone: string };
export type Lanes<Of extends Declaration> = {
	readonly [Type in Of['reacts'][number]]?: (data: EventData<Type>) => Lane;
};

/** The exports of a function's `events.ts`. */
export interface EventHandlers {
	readonly reactions?: Partial<Reactions<Declaration>>;
	readonly lanes?: Lanes<Declaration>;
	/** Called by the PingSource of the declaration's `schedule`. */
	readonly onSchedule?: (context: Context) => Promise<void>;
	/** Called with each dead letter and the name of the trigger that failed to deliver it. */
	readonly onDeadLetter?: (event: IncomingEvent, trigger: string, context: Context) => Promise<void>;
}

/** Returns a function of the signature `cloudevent` of functions-framework. It throws if the event was not handled. */
export function eventFunction(handlers: EventHandlers, context: Context): (event: IncomingEvent) => Promise<void> {
	return async (event) => {
		try {
			if (handlers.onSchedule) await handlers.onSchedule(context);
			else if (handlers.onDeadLetter) {
				const found = await lookUp(context.db, contentOf(event));
				if (found === 'unknown') throw unknownEvent(event);
				if (found === 'removed')
					log.info('ignored a dead letter of a removed event', { event: event.id, type: event.type });
				else await handlers.onDeadLetter(event, (currentTrace()?.path ?? '').slice(1), context);
			} else
				await span(`process ${event.type}`, 'consumer', { 'cloudevents.event_id': event.id }, () =>
					consume(event, handlers, context),
				);
		} catch (error) {
			const problem = problemFor(error);
			const write = isRefusal(problem) ? log.warn : log.error;
			write('cannot handle an event', { event: event.id, type: event.type, error });
			throw problem;
		}
	};
}

/** Returns the problem that the Broker gets. Unlike a client, it sees the message, which becomes that of a dead letter. */
function problemFor(error: unknown): Problem {
	if (error instanceof Problem) return error;
	// No attempt can succeed, so the Broker is not to retry.
	if (isPoison(error)) return new Problem(422, messageOf(error), { cause: error });
	return isAway(error) ? unavailable(messageOf(error), error) : new Problem(500, messageOf(error), { cause: error });
}

/** Whether an event was refused: it never counts, however often a Broker delivers it. */
const isRefusal = (error: unknown): boolean => error instanceof Problem && error.status < 500;

/**
 * Returns the HTTP handler of an event function. A handled event gets 204, because a Broker counts any reply that is not an
 * event as a failure. A Broker retries after a 5xx, and not after a 4xx.
 */
export function eventHandler(handle: (event: IncomingEvent) => Promise<void>, limit: number): HttpHandler {
	return async (req, res) => {
		try {
			if (req.method !== 'POST')
				throw new Problem(405, `${req.method} is not allowed here; send events with POST.`, {
					headers: { allow: 'POST' },
				});
			await handle(readEvent(req.headersDistinct, await readBody(req, limit)));
			res.writeHead(204).end();
		} catch (error) {
			// `handle` has logged what it threw. A malformed event is the publisher's fault.
			sendProblem(res, problemOf(error), currentTrace()?.traceId);
		}
	};
}

/** Returns the part of an event that the outbox stores. */
const contentOf = ({ source, id, type, subject = '', data }: IncomingEvent) => ({ source, id, type, subject, data });

/** A publisher can send anything to a Broker, so an event counts only if a function has emitted it. */
const unknownEvent = ({ id, source, type }: IncomingEvent): Problem =>
	new Problem(403, `No function has emitted this event: ${type} ${id} of ${source}, with this subject and these data.`);

type AnyReaction = (event: ReceivedEvent, tx: Transaction, context: Context) => Promise<void>;

async function consume(
	event: IncomingEvent,
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
		const lane = data.success ? (lanes[type] as ((data: unknown) => Lane) | undefined)?.(data.data) : undefined;
		const isAlone = typeof lane === 'object';
		let attempt: Attempt | undefined;
		const handle = async (tx: Transaction): Promise<void> => {
			if (attempt === 'unknown') throw unknownEvent(event);
			if (attempt === 'first') {
				if (!data.success) throw data.error;
				await reaction({ ...event, type, data: data.data } as ReceivedEvent, tx, context);
			} else
				log.info(`ignored a repeated delivery of a ${attempt === 'removed' ? 'removed' : 'handled'} event`, {
					event: id,
					type,
				});
		};
		await context.transaction(handle, {
			...{ cause: id, lane: isAlone ? lane.alone : lane, isRepeatable: !isAlone },
			opening: async (tx) => {
				attempt = await accept(tx, delivery);
			},
		});
	} catch (error) {
		// An unknown event gets no delivery of its own, or a stranger could fill the table.
		const record = isRefusal(error)
			? countRefusal(context.db, trigger)
			: reject(context.db, delivery, messageOf(error));
		await record.catch((failure) => log.warn('cannot record a failed attempt', { error: messageOf(failure) }));
		throw error;
	}
}
