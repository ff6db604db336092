import { expect, test } from 'vitest';
import { readLines, totalOf, withMore, without, withQuantity } from './lines.ts';

const two = [
	{ book_id: 1, quantity: 2 },
	{ book_id: 2, quantity: 1 },
];

test('adds copies to the line of their book, up to the most of an order', () => {
	expect(withMore([], 1, 2)).toEqual([{ book_id: 1, quantity: 2 }]);
	expect(withMore(two, 2, 3)).toEqual([two[0], { book_id: 2, quantity: 4 }]);
	expect(withMore(two, 2, 60_000)).toEqual([two[0], { book_id: 2, quantity: 50_000 }]);
	const full = Array.from({ length: 20 }, (_, index) => ({ book_id: index + 1, quantity: 1 }));
	expect(withMore(full, 21, 1)).toBeUndefined();
	expect(withMore(full, 20, 1)?.at(-1)).toEqual({ book_id: 20, quantity: 2 });
});

test('changes and removes lines', () => {
	expect(withQuantity(two, 1, 5)).toEqual([{ book_id: 1, quantity: 5 }, two[1]]);
	expect(without(two, 1)).toEqual([two[1]]);
});

test('reads what it stored, and nothing else', () => {
	expect(readLines(JSON.stringify(two))).toEqual(two);
	expect(readLines(undefined)).toEqual([]);
	for (const text of ['', '{', 'null', '7', '{"book_id":1}', '[null]', '[1]', '[{"book_id":"1","quantity":1}]'])
		expect(readLines(text)).toEqual([]);
	const odd = [
		{ book_id: 1, quantity: 0 },
		{ book_id: 1.5, quantity: 1 },
		{ book_id: 3, quantity: 1, price: 1 },
	];
	expect(readLines(JSON.stringify([...odd, { book_id: 3, quantity: 2 }]))).toEqual([{ book_id: 3, quantity: 2 }]);
});

test('adds prices exactly', () => {
	const prices = new Map([
		[1, '0.10'],
		[2, '99999999.99'],
	]);
	expect(totalOf(two, (id) => prices.get(id))).toBe('100000000.19');
	expect(
		totalOf(
			[
				{ book_id: 1, quantity: 3 },
				{ book_id: 9, quantity: 1 },
			],
			(id) => prices.get(id),
		),
	).toBe('0.30');
	expect(totalOf([], () => '1.00')).toBe('0.00');
});
