import { expect, test } from 'vitest';
import { deliveryTo, eventOf } from '../events/testing.ts';
import { isUnderWay, wayOf } from './way.ts';

test('the way of an order is what it led to, and nothing else of its trace', () => {
	const first = eventOf('b');
	const trace = [
		eventOf('f', { cause: 'd' }),
		eventOf('e', { cause: 'c' }),
		eventOf('d', { cause: 'b' }),
		eventOf('c', { cause: 'a' }),
		first,
		eventOf('a'),
	];
	expect(wayOf(first, trace).map(({ id }) => id)).toEqual(['b', 'd', 'f']);
});

test('it is under way as long as somebody has to handle an event of it', () => {
	const handled = eventOf('a', { deliveries: [deliveryTo('books', { handled: 20 })] });
	const discarded = eventOf('b', { deliveries: [deliveryTo('billing', { status: 'discarded' })] });
	expect(isUnderWay([handled, discarded])).toBe(false);
	for (const status of ['pending', 'failing', 'dead'] as const)
		expect(isUnderWay([handled, eventOf('c', { deliveries: [deliveryTo('billing', { status })] })])).toBe(true);
});
