import type { EventHandlers } from '../../kit/events/events.ts';
import { keep } from './dead-letters.ts';

/** The dead letter sink of every trigger; its path is the trigger's name. */
export const onDeadLetter: NonNullable<EventHandlers['onDeadLetter']> = (event, trigger, { db }) =>
	keep(db, event, trigger);
