import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { histogram } from './histogram.ts';

const shares = (values: readonly number[]) => histogram(values).map(({ from, to, count }) => [from, to, count]);

test('puts equal values into one bin', () => {
	expect(shares([3, 3, 3])).toEqual([[3, 3, 3]]);
});

test('spreads evenly distributed values over equal bins with readable bounds', () => {
	const bins = shares(Array.from({ length: 1000 }, (_, index) => index));
	expect(bins).toEqual(Array.from({ length: 10 }, (_, index) => [100 * index, 100 * (index + 1), 100]));
});

test('gives each side of a die its own bin for any number of throws', () => {
	const throws = Array.from({ length: 6000 }, (_, index) => (index % 6) + 1);
	expect(shares(throws)).toEqual([1, 2, 3, 4, 5, 6].map((side) => [side, side + 1, 1000]));
});

test('puts a value on a bound into the bin that starts there', () => {
	const tenths = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
	for (const { from, to } of histogram(tenths)) {
		expect(tenths.filter((tenth) => from <= tenth && tenth < to).length).toBeGreaterThan(0);
		expect(String(from).length).toBeLessThanOrEqual(3);
	}
});

test('makes several bins even when most values are equal', () => {
	const bins = histogram([0, ...new Array<number>(98).fill(5), 10]);
	expect(bins.length).toBeGreaterThan(1);
	expect(bins.map(({ count }) => count).reduce((a, b) => a + b)).toBe(100);
});

test('includes the greatest double in a bin', () => {
	const { MAX_VALUE } = Number;
	expect(histogram([MAX_VALUE, 0]).find(({ to }) => to === MAX_VALUE)?.count).toBe(1);
	expect(histogram([-MAX_VALUE, MAX_VALUE]).reduce((sum, { count }) => sum + count, 0)).toBe(2);
});

test('puts each value into exactly one of the adjacent bins', () => {
	const doubles = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 200 });
	const alike = fc.array(fc.double({ min: 1e20, max: 1e20 + 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });
	const few = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 200 });
	fc.assert(
		fc.property(fc.oneof(doubles, alike, few), (values) => {
			const bins = histogram(values);
			expect(bins.length).toBeLessThanOrEqual(40);
			expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
			const last = bins.at(-1);
			for (const [index, { from, to, count }] of bins.entries()) {
				if (index > 0) expect(from).toBe(bins[index - 1]?.to);
				const isIn = (value: number): boolean => from <= value && (value < to || (to === last?.to && value === to));
				expect(values.filter(isIn)).toHaveLength(count);
			}
		}),
		{ numRuns: 1000 },
	);
});
