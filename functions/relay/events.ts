import type { Context } from '../kit/context.ts';
import { log } from '../kit/log.ts';
import { overdue, settle } from './overdue.ts';

/** How old an event must be before it counts as overdue, in seconds: `RELAY_AFTER`, 30 unless set. */
function ageOf({ config }: Context): number {
	const given = config.env['RELAY_AFTER'] ?? '30';
	const seconds = Number(given);
	if (!(seconds >= 0)) throw new Error(`RELAY_AFTER is "${given}"; it is a number of seconds, like 30`);
	return seconds;
}

export async function onSchedule(context: Context): Promise<void> {
	const age = ageOf(context);
	await settle(context.db, age);
	const events = await overdue(context.db, age);
	for (const { id, type, subject } of events)
		log.info('publishing again an event that went unhandled', { event: id, type, subject });
	context.publisher.publish(events);
}
