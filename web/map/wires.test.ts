import { expect, test } from 'vitest';
import { shop } from '../../tests/shapes.ts';
import { around, shortType, typesOf } from './wires.ts';

const placed = 'dev.bodega.order.placed';

test('with a function stand out those it calls, and those that it exchanges events with', () => {
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
	// What they have to do with one another is another matter.
	for (const part of ['dev.bodega.invoice.issued', 'calls gateway orders', 'movies', 'reacts orders-on-invoice-issued'])
		expect(found).not.toContain(part);
});

test('with a type of event stand out who emits it, and who reacts', () => {
	expect([...around(shop, placed)].sort()).toEqual(
		[placed, `lane ${placed}`, `emits orders ${placed}`, 'orders', 'reacts books-on-order-placed', 'books'].sort(),
	);
});

test('with the relay stands out what wakes it', () => {
	expect([...around(shop, 'relay')]).toContain('wakes relay');
	expect([...around(shop, 'users')]).not.toContain('wakes relay');
});

test('every type is told once, and by its short name', () => {
	const types = typesOf(shop);
	expect(new Set(types).size).toBe(types.length);
	expect([shortType(placed), shortType('org.example.placed')]).toEqual(['order.placed', 'org.example.placed']);
});
