import { expect, test } from 'vitest';
import { type Bucket, filled, medianOf, totalOf } from './buckets.ts';

const buckets: readonly Bucket[] = [
	{ up_to_ms: 1, cold: 0, warm: 0 },
	{ up_to_ms: 5, cold: 0, warm: 3 },
	{ up_to_ms: 10, cold: 0, warm: 0 },
	{ up_to_ms: 50, cold: 2, warm: 1 },
	{ up_to_ms: null, cold: 0, warm: 0 },
];

test('leaves out the empty buckets at both ends only', () => {
	expect(filled(buckets)).toEqual(buckets.slice(1, 4));
	expect(filled(buckets.slice(0, 1))).toEqual([]);
	expect(filled([])).toEqual([]);
});

test('finds the bucket of the median of each kind', () => {
	expect([totalOf(buckets, 'cold'), totalOf(buckets, 'warm')]).toEqual([2, 4]);
	expect(medianOf(buckets, 'warm')?.up_to_ms).toBe(5);
	expect(medianOf(buckets, 'cold')?.up_to_ms).toBe(50);
	expect(medianOf(buckets.slice(0, 1), 'cold')).toBeUndefined();
});
