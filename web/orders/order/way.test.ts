import { expect, test } from 'vitest';
import { deliveryTo, eventOf } from '../../events/testing.ts';
import { isUnderWay, wayOf } from './way.ts';

test('returns only the events of the trace that the first event caused', () => {
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

test('is under way until every delivery is handled or discarded', () => {
	const handled = eventOf('a', { deliveries: [deliveryTo('books', { handled: 20 })] });
	const discarded = eventOf('b', { deliveries: [deliveryTo('billing', { status: 'discarded' })] });
	expect(isUnderWay([handled, discarded])).toBe(false);
	for (const status of ['pending', 'failing', 'dead'] as const)
		expect(isUnderWay([handled, eventOf('c', { deliveries: [deliveryTo('billing', { status })] })])).toBe(true);
});
