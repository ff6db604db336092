import type { LoggedEvent } from '../../functions/event-log/api.ts';

type Delivery = LoggedEvent['deliveries'][number];

const clock = (milliseconds: number): string => new Date(Date.UTC(2026, 0, 5, 9) + milliseconds).toISOString();

/** Returns an event for tests, published at nine o'clock by default. */
export const eventOf = (id: string, event: Partial<LoggedEvent> = {}): LoggedEvent => ({
	id,
	source: '/functions/orders',
	type: 'dev.bodega.order.placed',
	subject: '1',
	time: clock(0),
	dataschema: 'urn:bodega:event:order.placed:2',
	traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
	cause: null,
	origin: { id: 'a', type: 'dev.bodega.order.placed', subject: '1' },
	relays: 0,
	relay_after: null,
	deliveries: [],
	...event,
});

interface Times {
	/** Milliseconds after nine o'clock. */
	readonly received?: number;
	readonly handled?: number;
	readonly failed?: readonly number[];
	readonly attempts?: number;
	readonly status?: Delivery['status'];
}

export const deliveryTo = (fn: string, times: Times = {}): Delivery => {
	const { received, handled, failed = [], status = handled === undefined ? 'pending' : 'handled' } = times;
	return {
		trigger: `${fn}-on-it`,
		function: fn,
		status,
		attempts: times.attempts ?? failed.length + (handled === undefined ? 0 : 1),
		failures: failed.map((at, index) => ({
			publication: 'first',
			error: `fault ${index + 1}`,
			times: 1,
			first_at: clock(at),
			at: clock(at),
		})),
		unlisted_failures: 0,
		retry_after: null,
		resolution: null,
		drill_until: null,
		received_at: received === undefined ? null : clock(received),
		handled_at: handled === undefined ? null : clock(handled),
	};
};

/** All events of one order: three events, each handled once. */
export const saga: readonly LoggedEvent[] = [
	eventOf('a', { deliveries: [deliveryTo('books', { received: 200, handled: 220 })] }),
	eventOf('b', {
		type: 'dev.bodega.stock.reserved',
		source: '/functions/books',
		// `time` is when the emitting transaction began, which is before its cause was handled.
		time: clock(210),
		cause: 'a',
		deliveries: [deliveryTo('billing', { received: 400, handled: 430 })],
	}),
	eventOf('c', {
		type: 'dev.bodega.invoice.issued',
		source: '/functions/billing',
		time: clock(410),
		cause: 'b',
		deliveries: [deliveryTo('orders', { received: 500, handled: 510 })],
	}),
];
