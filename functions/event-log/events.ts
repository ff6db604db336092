import type { EventHandlers } from '../../kit/events/events.ts';
import { keep } from './dead-letters.ts';

export const onDeadLetter: NonNullable<EventHandlers['onDeadLetter']> = (event, trigger, { db }) =>
	keep(db, event, trigger);
