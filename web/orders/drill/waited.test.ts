import { expect, test } from 'vitest';
import { deliveryTo, eventOf, saga } from '../../events/testing.ts';
import { handledSince, isHandledOnce, isUnderWay, ordersOf, waitedOf } from './waited.ts';

const since = '2026-01-05T09:00:00.000Z';
const before = '2026-01-05T08:59:00.000Z';
const to = (fn: string, times: Parameters<typeof deliveryTo>[1]) => ({ deliveries: [deliveryTo(fn, times)] });

test('lists events that failed since the drill began, or began then and are still open', () => {
	const events = [
		eventOf('i', to('billing', { status: 'discarded' })),
		eventOf('h', to('billing', { handled: 20 })),
		eventOf('g', to('books', { failed: [10], status: 'failing' })),
		eventOf('f', { ...to('billing', { failed: [10], handled: 20 }), time: before }),
		eventOf('e', { ...to('billing', { failed: [-10], status: 'failing' }), time: before }),
		eventOf('d', to('billing', { failed: [10], status: 'dead' })),
		eventOf('c', to('billing', { failed: [10], handled: 20 })),
		eventOf('b', to('billing', { failed: [10], status: 'failing' })),
		eventOf('a', to('billing', { status: 'pending' })),
	];
	expect(waitedOf(events, 'billing', since).map(({ event }) => event.id)).toEqual(['a', 'b', 'c', 'd', 'f']);
});

test('counts every delivery handled since the drill began, including those that did not wait', () => {
	const broken = [
		eventOf('d', to('books', { handled: 20 })),
		eventOf('c', to('billing', { failed: [10], status: 'failing' })),
		eventOf('b', to('billing', { status: 'pending' })),
		eventOf('a', { ...to('billing', { handled: -10 }), time: before }),
	];
	expect(handledSince(broken, 'billing', since)).toBe(0);
	expect(handledSince([eventOf('e', to('billing', { handled: 20 })), ...broken], 'billing', since)).toBe(1);
});

test('lists an order if an event of its trace waited, with all events of the trace', () => {
	const [placed, reserved, issued] = saga.map((event) =>
		event.id === 'b' ? { ...event, ...to('billing', { failed: [10], handled: 430 }) } : event,
	);
	const other = eventOf('d', { traceparent: '00-11111111111111111111111111111111-b7ad6b7169203331-01' });
	const events = [other, issued, reserved, placed].filter((event) => event !== undefined);
	const waited = waitedOf(events, 'billing', since);
	expect(ordersOf(events, waited)).toEqual([{ id: 1, events: [issued, reserved, placed] }]);
	expect(ordersOf(events, [])).toEqual([]);
});

test('is under way until all events of the trace are handled', () => {
	const [placed, reserved, issued] = saga.map((event) =>
		event.id === 'b' ? { ...event, ...to('billing', { failed: [10], handled: 430 }) } : event,
	);
	const events = [reserved, placed].filter((event) => event !== undefined);
	const waited = waitedOf(events, 'billing', since);
	const other = eventOf('d', {
		...to('orders', {}),
		traceparent: '00-11111111111111111111111111111111-b7ad6b7169203331-01',
	});
	expect(isUnderWay([other, ...events], waited)).toBe(false);
	expect(isUnderWay([eventOf('c', to('orders', {})), ...events], waited)).toBe(true);
	expect(isUnderWay([...(issued ? [issued] : []), ...events], waited)).toBe(false);
});

test('counts an event as handled once if no type of event followed it twice', () => {
	const event = eventOf('a');
	const handled = { event, delivery: deliveryTo('billing', { failed: [10], handled: 20 }) };
	const issued = (id: string) => eventOf(id, { cause: 'a', type: 'dev.bodega.invoice.issued' });
	expect(isHandledOnce(handled, [event, issued('b'), eventOf('c', { cause: 'a' })])).toBe(true);
	expect(isHandledOnce(handled, [event, issued('b'), issued('c')])).toBe(false);
	expect(isHandledOnce({ event, delivery: deliveryTo('billing', { failed: [10], status: 'failing' }) }, [])).toBe(
		false,
	);
});
