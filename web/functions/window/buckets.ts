import type { FunctionDetail } from '../../../functions/info/api.ts';

export type Bucket = FunctionDetail['services'][number]['durations'][number];
type Kind = 'cold' | 'warm';

/** Returns the buckets from the first to the last one that has anything. */
export function filled(buckets: readonly Bucket[]): readonly Bucket[] {
	const has = ({ cold, warm }: Bucket): boolean => cold + warm > 0;
	return buckets.slice(Math.max(0, buckets.findIndex(has)), buckets.findLastIndex(has) + 1);
}

export const totalOf = (buckets: readonly Bucket[], kind: Kind): number =>
	buckets.reduce((sum, bucket) => sum + bucket[kind], 0);

/** Returns the bucket of the median, or undefined if nothing is measured. */
export function medianOf(buckets: readonly Bucket[], kind: Kind): Bucket | undefined {
	const half = totalOf(buckets, kind) / 2;
	let sum = 0;
	return buckets.find((bucket) => {
		sum += bucket[kind];
		return half > 0 && sum >= half;
	});
}
