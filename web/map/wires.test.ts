import { expect, test } from 'vitest';
import { shop } from '../../tests/library/shapes.ts';
import { shortType } from '../events/naming.ts';
import { around, typesOf } from './wires.ts';

const requested = 'dev.bodega.loan.requested';

test('highlights the functions that a function calls or exchanges events with', () => {
	const found = around(shop, 'shelves');
	for (const part of [
		'shelves',
		'calls gateway shelves',
		'calls loans shelves',
		'reacts shelves-on-loan-requested',
		`emits loans ${requested}`,
		`lane ${requested}`,
		'emits shelves dev.bodega.copy.reserved',
		'reacts fines-on-copy-reserved',
		'loans',
		'fines',
	])
		expect(found).toContain(part);
	// Connections between its neighbours are not highlighted.
	for (const part of ['dev.bodega.fine.issued', 'calls gateway loans', 'users', 'reacts loans-on-fine-issued'])
		expect(found).not.toContain(part);
});

test('highlights the emitters and reactors of an event type', () => {
	expect([...around(shop, requested)].sort()).toEqual(
		[
			requested,
			`lane ${requested}`,
			`emits loans ${requested}`,
			'loans',
			'reacts shelves-on-loan-requested',
			'shelves',
		].sort(),
	);
});

test('highlights the schedule of the relay', () => {
	expect([...around(shop, 'relay')]).toContain('wakes relay');
	expect([...around(shop, 'users')]).not.toContain('wakes relay');
});

test('lists each event type once and shortens its name', () => {
	const types = typesOf(shop);
	expect(new Set(types).size).toBe(types.length);
	expect([shortType(requested), shortType('org.example.placed')]).toEqual(['loan.requested', 'org.example.placed']);
});
