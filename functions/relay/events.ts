import type { Context } from '../../kit/serve/context.ts';
import { log } from '../../kit/trace/log.ts';
import type declaration from './function.ts';
import { overdue, settle } from './overdue.ts';

export async function onSchedule(context: Context): Promise<void> {
	const age = context.settings<typeof declaration>().RELAY_AFTER;
	await settle(context.db, age);
	const events = await overdue(context.db, age);
	for (const { id, type, subject } of events) log.info('republishing an unhandled event', { event: id, type, subject });
	context.publisher.publish(events);
}
