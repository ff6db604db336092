import type { LoggedEvent } from '../../../functions/event-log/api.ts';
import type { Delivery } from '../../events/event/delivery-stamps.tsx';
import { shortType } from '../../events/naming.ts';

/** The steps of an order: the event that starts each, and the function that takes it. */
const takers = {
	'order.placed': 'books',
	'stock.reserved': 'billing',
	'stock.rejected': 'orders',
	'invoice.issued': 'orders',
} as const;

export type StepName = keyof typeof takers;

/** The step that an order waits for. */
export interface Step {
	readonly name: StepName;
	readonly event: LoggedEvent;
	readonly delivery: Delivery;
}

const isStepName = (type: string): type is StepName => Object.hasOwn(takers, type);

/** Returns the step that an order waits for, if its events tell. @param way the order's events, oldest first */
export function stepOf(way: readonly LoggedEvent[]): Step | undefined {
	const steps = way.flatMap((event): Step[] => {
		const name = shortType(event.type);
		if (!isStepName(name)) return [];
		return event.deliveries
			.filter((delivery) => delivery.function === takers[name] && delivery.status !== 'handled')
			.map((delivery) => ({ name, event, delivery }));
	});
	return steps.at(-1);
}
