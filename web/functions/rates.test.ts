import { expect, test } from 'vitest';
import type { FunctionState } from '../../functions/info/api.ts';
import { type Looks, looked, rateOf } from './rates.ts';

const after = (...counts: readonly number[]): Looks =>
	counts.reduce<Looks>(
		(looks, requests, index) => looked(looks, [{ name: 'books', requests } as FunctionState], index * 1500),
		new Map(),
	);

test('returns no rate after one poll, and the difference after two', () => {
	expect(rateOf(after(7).get('books'))).toBeUndefined();
	expect(rateOf(after(7, 10).get('books'))).toBe(2);
	expect(rateOf(undefined)).toBeUndefined();
});

test('averages the rate over the last polls only', () => {
	expect(rateOf(after(0, 900, 900, 900, 909).get('books'))).toBe(2);
	expect(rateOf(after(5, 5, 5, 5).get('books'))).toBe(0);
});

test('never returns a negative rate after a counter reset', () => {
	expect(rateOf(after(100, 103, 2).get('books'))).toBeUndefined();
	expect(rateOf(after(100, 103, 2, 5).get('books'))).toBe(2);
});
