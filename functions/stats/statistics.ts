import { mean } from './mean.ts';

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

export function median(values: Values): number {
	const sorted = new Float64Array(values).sort();
	const half = sorted.length / 2;
	return mean(sorted.subarray(Math.ceil(half) - 1, Math.floor(half) + 1));
}

/** A sample needs at least two values (Bessel's correction). Returns Infinity on overflow. */
export function variance(values: Values, sample: boolean): number {
	const { scaled, scale } = spread(values, sample);
	return scaled * scale * scale;
}

/** Returns the square root of the variance, even where the variance itself overflows. */
export function standardDeviation(values: Values, sample: boolean): number {
	const { scaled, scale } = spread(values, sample);
	return Math.sqrt(scaled) * scale;
}

/** Returns all statistics; `variance` and `standard_deviation` overflow to Infinity. */
export function summary(values: Values, sample: boolean) {
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
 * Returns the variance of the values divided by `scale`, a power of two near the largest value. Without scaling, the
 * squares of very large or very small values would overflow or underflow; scaling by a power of two loses no digits.
 */
function spread(values: Values, sample: boolean): { scaled: number; scale: number } {
	const largest = Math.max(max(values), -min(values));
	const scale = 2 ** Math.min(1023, Math.max(-1022, Math.floor(Math.log2(largest))));
	const center = mean(values) / scale;
	const deviations = new Float64Array(values).map((value) => value / scale - center);
	// The center is rounded. The mean of the deviations is the rounding error.
	const off = mean(deviations);
	const population = mean(deviations.map((deviation) => deviation * deviation)) - off * off;
	return { scaled: sample ? (population * values.length) / (values.length - 1) : population, scale };
}
