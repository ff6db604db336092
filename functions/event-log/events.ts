import type { EventHandlers } from '../../kit/events/events.ts';
import { keep } from './dead-letters.ts';

/** Stores an event from the dead letter sink of a trigger; the path of the request is the trigger's name. */
export const onDeadLetter: NonNullable<EventHandlers['onDeadLetter']> = (event, trigger, { db }) =>
	keep(db, event, trigger);
