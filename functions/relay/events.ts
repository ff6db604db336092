import type { Context } from '../../kit/serve/context.ts';
import { endDrills } from './drills.ts';
import { flowOf } from './flow.ts';
import type declaration from './function.ts';
import { settle } from './overdue.ts';

export async function onSchedule(context: Context): Promise<void> {
	const age = context.settings<typeof declaration>().RELAY_AFTER;
	context.publisher.publish(await endDrills(context.db));
	await settle(context.db, age);
	await flowOf(context).run(age);
}
