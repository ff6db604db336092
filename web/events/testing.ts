import type { LoggedEvent } from '../../functions/event-log/api.ts';

type Delivery = LoggedEvent['deliveries'][number];

const clock = (milliseconds: number): string => new Date(Date.UTC(2026, 0, 5, 9) + milliseconds).toISOString();

/** An event for tests, published at nine o'clock unless said. */
export const eventOf = (id: string, event: Partial<LoggedEvent> = {}): LoggedEvent => ({
	id,
	source: '/functions/orders',
	type: 'dev.bodega.order.placed',
	subject: '1',
	time: clock(0),
	dataschema: 'urn:bodega:event:order.placed:1',
	traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
	cause: null,
	relays: 0,
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

/** A delivery for tests. */
export const deliveryTo = (fn: string, times: Times = {}): Delivery => {
	const { received, handled, failed = [], status = handled === undefined ? 'pending' : 'handled' } = times;
	return {
		trigger: `${fn}-on-it`,
		function: fn,
		status,
		attempts: times.attempts ?? failed.length + (handled === undefined ? 0 : 1),
		failures: failed.map((at, index) => ({ at: clock(at), error: `fault ${index + 1}` })),
		received_at: received === undefined ? null : clock(received),
		handled_at: handled === undefined ? null : clock(handled),
	};
};

/** The whole way of an order: three events, each handled once. */
export const saga: readonly LoggedEvent[] = [
	eventOf('a', { deliveries: [deliveryTo('books', { received: 200, handled: 220 })] }),
	eventOf('b', {
		type: 'dev.bodega.stock.reserved',
		source: '/functions/books',
		// The transaction that emits it begins before its end, when the event before it counts as handled.
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
