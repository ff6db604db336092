import { mean } from './mean.ts';

/** All that is known of some values; `variance` and `standard_deviation` overflow to Infinity. */
export interface Summary {
	readonly count: number;
	readonly mean: number;
	readonly median: number;
	readonly variance: number;
	readonly standard_deviation: number;
	readonly min: number;
	readonly max: number;
}

type Values = ArrayLike<number>;

export function min(values: Values): number {
	let least = Number.POSITIVE_INFINITY;
	for (let index = 0; index < values.length; index += 1) least = Math.min(least, values[index] as number);
	return least;
}

export function max(values: Values): number {
	let most = Number.NEGATIVE_INFINITY;
	for (let index = 0; index < values.length; index += 1) most = Math.max(most, values[index] as number);
	return most;
}

/** The value in the middle, or the mean of the two in the middle. */
export function median(values: Values): number {
	const sorted = new Float64Array(values).sort();
	const half = sorted.length / 2;
	return mean(sorted.subarray(Math.ceil(half) - 1, Math.floor(half) + 1));
}

/**
 * The mean of the squared deviations from the mean: of the whole population, or estimated from a sample of it (Bessel's
 * correction), which takes two values. Infinity when no double is as large.
 */
export function variance(values: Values, sample: boolean): number {
	const { scaled, scale } = spread(values, sample);
	return scaled * scale * scale;
}

/** The variance's square root; it is there also for values whose variance no double holds. */
export function standardDeviation(values: Values, sample: boolean): number {
	const { scaled, scale } = spread(values, sample);
	return Math.sqrt(scaled) * scale;
}

export function summary(values: Values, sample: boolean): Summary {
	const { scaled, scale } = spread(values, sample);
	return {
		count: values.length,
		mean: mean(values),
		median: median(values),
		variance: scaled * scale * scale,
		standard_deviation: Math.sqrt(scaled) * scale,
		min: min(values),
		max: max(values),
	};
}

/**
 * The variance of the values divided by `scale`, a power of two near the largest: the squares of what is very large or
 * very small would not fit a double, and a power of two costs no digit.
 */
function spread(values: Values, sample: boolean): { scaled: number; scale: number } {
	const largest = Math.max(max(values), -min(values));
	const scale = 2 ** Math.min(1023, Math.max(-1022, Math.floor(Math.log2(largest))));
	const center = mean(values) / scale;
	const deviations = new Float64Array(values).map((value) => value / scale - center);
	// The center is rounded; by how much is the mean of the deviations from it.
	const off = mean(deviations);
	const population = mean(deviations.map((deviation) => deviation * deviation)) - off * off;
	return { scaled: sample ? (population * values.length) / (values.length - 1) : population, scale };
}
