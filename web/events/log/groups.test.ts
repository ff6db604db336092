import { expect, test } from 'vitest';
import { deliveryTo, eventOf, saga } from '../testing.ts';
import { groupsOf } from './groups.ts';

const other = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const newestFirst = (...events: typeof saga) => events.toSorted((one, next) => (one.id < next.id ? 1 : -1));

test('groups events by the request that caused them, each after its cause', () => {
	const again = eventOf('bb', { traceparent: other, deliveries: [deliveryTo('books', { failed: [1] })] });
	const second = eventOf('d', { cause: 'a' });
	const groups = groupsOf(newestFirst(...saga, again, second));
	// The group of `a` began first, so its newer events do not move it to the top.
	expect(groups.map(({ entries }) => entries.map(({ event, depth }) => [event.id, depth]))).toEqual([
		[['bb', 0]],
		[
			['a', 0],
			['b', 1],
			['c', 2],
			['d', 1],
		],
	]);
});

test('counts the deliveries by status, those that need attention first', () => {
	const failing = eventOf('d', {
		deliveries: [deliveryTo('books', { status: 'dead' }), deliveryTo('billing', { status: 'failing' })],
	});
	expect(groupsOf(newestFirst(...saga, failing))[0]?.statuses).toEqual([
		['dead', 1],
		['failing', 1],
		['handled', 3],
	]);
});

test('shows an event whose cause is not listed at the top level of its group', () => {
	const [, b, c] = saga;
	expect(groupsOf(newestFirst(...([b, c] as typeof saga)))[0]?.entries.map(({ depth }) => depth)).toEqual([0, 1]);
});
