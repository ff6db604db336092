import type { LoggedEvent } from '../../../functions/event-log/api.ts';
import type { Account } from '../account.ts';
import { nothing } from '../faults/effect.ts';
import type { FaultKind } from '../faults/fault.ts';
import type { History } from '../history.ts';
import { pause } from '../pause.ts';
import type { LocalShop } from './shop.ts';

/** Delivers events straight to the functions, as a broker can: again, late and in another order. */
export function deliveryFaults(shop: LocalShop, admin: Account, history: History): FaultKind[] {
	const latest = async (pick: number): Promise<LoggedEvent[]> => {
		let events: LoggedEvent[] = [];
		// Other faults can be in the way.
		for (const end = performance.now() + 10_000; !events.length && performance.now() < end; await pause(0.5)) {
			const isSignedIn = await admin.authorize();
			const { status, whole } = await admin.ask('GET', '/api/events?limit=200');
			if (isSignedIn && status === 200) events = whole as LoggedEvent[];
		}
		// Newest first is the wrong order; from anywhere in the list, some are late.
		return events.slice(Math.floor(pick * events.length * 0.5)).slice(0, 40);
	};
	const deliver = (event: LoggedEvent, fn: string, trigger: string): Promise<Response> => {
		const { id, source, type, subject = '', time, dataschema, traceparent, data } = event;
		return fetch(`${shop.eventsUrl(fn)}/${trigger}`, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				'ce-specversion': '1.0',
				...{ 'ce-id': id, 'ce-source': source, 'ce-type': type, 'ce-subject': subject, 'ce-time': time },
				'ce-dataschema': dataschema,
				traceparent,
			},
			body: JSON.stringify(data),
			signal: AbortSignal.timeout(30_000),
		});
	};
	return [
		{
			name: 'repeat deliveries',
			victims: [],
			lasts: [0, 0],
			recovery: 0,
			effect: () => nothing,
			begin: async (_victim, pick) => {
				const deliveries = (await latest(pick)).flatMap((event) =>
					event.deliveries.map((delivery) => deliver(event, delivery.function, delivery.trigger)),
				);
				await Promise.allSettled(deliveries);
				return deliveries.length ? {} : undefined;
			},
		},
		{
			name: 'forge events',
			victims: [],
			lasts: [0, 0],
			recovery: 0,
			effect: () => nothing,
			begin: async (_victim, pick) => {
				const events = (await latest(pick)).slice(0, 5);
				const forged = events.flatMap((event) =>
					event.deliveries.map(async ({ function: fn, trigger }) => {
						const sent = history.now();
						const { status } = await deliver({ ...event, id: `${event.id}-forged` }, fn, trigger);
						const { client, operation } = { client: 'forger', operation: 'deliver a forged event' };
						const exchange = { client, operation, fn, method: 'POST', path: `/${trigger}`, headers: {}, sent };
						if (status < 300)
							history.exchanges.push({
								...exchange,
								ended: history.now(),
								status,
								breach: 'expected that it is refused',
							});
					}),
				);
				await Promise.allSettled(forged);
				return forged.length ? {} : undefined;
			},
		},
	];
}
