import { expect, test } from 'vitest';
import { shop } from '../../tests/shapes.ts';
import { shortType } from '../events/naming.ts';
import { around, typesOf } from './wires.ts';

const placed = 'dev.bodega.order.placed';

test('highlights the functions that a function calls or exchanges events with', () => {
	const found = around(shop, 'books');
	for (const part of [
		'books',
		'calls gateway books',
		'calls orders books',
		'reacts books-on-order-placed',
		`emits orders ${placed}`,
		`lane ${placed}`,
		'emits books dev.bodega.stock.reserved',
		'reacts billing-on-stock-reserved',
		'orders',
		'billing',
	])
		expect(found).toContain(part);
	// Connections between its neighbours are not highlighted.
	for (const part of ['dev.bodega.invoice.issued', 'calls gateway orders', 'movies', 'reacts orders-on-invoice-issued'])
		expect(found).not.toContain(part);
});

test('highlights the emitters and reactors of an event type', () => {
	expect([...around(shop, placed)].sort()).toEqual(
		[placed, `lane ${placed}`, `emits orders ${placed}`, 'orders', 'reacts books-on-order-placed', 'books'].sort(),
	);
});

test('highlights the schedule of the relay', () => {
	expect([...around(shop, 'relay')]).toContain('wakes relay');
	expect([...around(shop, 'users')]).not.toContain('wakes relay');
});

test('lists each event type once and shortens its name', () => {
	const types = typesOf(shop);
	expect(new Set(types).size).toBe(types.length);
	expect([shortType(placed), shortType('org.example.placed')]).toEqual(['order.placed', 'org.example.placed']);
});
