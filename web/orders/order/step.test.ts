import { expect, test } from 'vitest';
import { deliveryTo, eventOf } from '../../events/testing.ts';
import { stepOf } from './step.ts';

const placed = (status: Parameters<typeof deliveryTo>[1]) =>
	eventOf('a', { deliveries: [deliveryTo('books', status)] });
const handled = placed({ handled: 20 });
const event = (id: string, type: string, fn: string, status: Parameters<typeof deliveryTo>[1]) =>
	eventOf(id, { type: `dev.bodega.${type}`, deliveries: [deliveryTo(fn, status)] });

test.each([
	['order.placed', [placed({})]],
	['order.placed', [placed({ failed: [10], status: 'failing' })]],
	['order.placed', [placed({ failed: [10], status: 'dead' })]],
	['order.placed', [placed({ failed: [10], status: 'discarded' })]],
	['stock.reserved', [handled, event('b', 'stock.reserved', 'billing', { failed: [30], status: 'dead' })]],
	['stock.rejected', [handled, event('b', 'stock.rejected', 'orders', {})]],
	[
		'invoice.issued',
		[
			handled,
			event('b', 'stock.reserved', 'billing', { handled: 30 }),
			event('c', 'invoice.issued', 'orders', { failed: [40], status: 'failing' }),
		],
	],
	// The log lists no events, or the next one is not published yet.
	[undefined, []],
	[undefined, [handled]],
	// Other functions do not hold an order up.
	[undefined, [handled, event('b', 'stock.reserved', 'stats', { failed: [30], status: 'dead' })]],
	[undefined, [handled, event('b', 'copy.reserved', 'billing', {})]],
] as const)('finds the step that an order waits for: %s', (name, way) => {
	expect(stepOf(way)?.name).toBe(name);
});
