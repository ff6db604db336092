/** The number of values from `from` up to, but not including, `to`. Equal values form one bin with `from` = `to`. */
export interface Bin {
	readonly from: number;
	readonly to: number;
	readonly count: number;
}

const mostBins = 40;

/** A readable width: 1, 2 or 5 times a power of ten. */
interface Width {
	readonly digit: 1 | 2 | 5;
	readonly exponent: number;
}

/**
 * Sorts values into bins of equal width. The width follows the Freedman–Diaconis rule (1981): twice the interquartile
 * range divided by the cube root of the count. If the interquartile range is zero, it follows Sturges' rule (1926). The
 * width is rounded down to a readable one, and bounds are multiples of it.
 * @param values at least one; all finite
 */
export function histogram(values: readonly number[]): Bin[] {
	const sorted = Float64Array.from(values).sort();
	const least = sorted[0] ?? 0;
	const greatest = sorted.at(-1) ?? 0;
	if (least === greatest) return [{ from: least, to: greatest, count: sorted.length }];
	let width = readable(widthFor(sorted, least, greatest));
	while (binOf(greatest, width) - binOf(least, width) >= mostBins) width = wider(width);
	const first = binOf(least, width);
	const counts = new Array<number>(binOf(greatest, width) - first + 1).fill(0);
	for (const value of sorted) {
		const bin = binOf(value, width) - first;
		counts[bin] = (counts[bin] ?? 0) + 1;
	}
	return counts.map((count, index) => ({
		from: finite(boundOf(first + index, width)),
		to: finite(boundOf(first + index + 1, width)),
		count,
	}));
}

function widthFor(sorted: Float64Array, least: number, greatest: number): number {
	const quartile = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
	// Halves, because the difference of two doubles can exceed the greatest double.
	const spread = quartile(0.75) / 2 - quartile(0.25) / 2;
	const half =
		spread > 0 ? (2 * spread) / Math.cbrt(sorted.length) : (greatest / 2 - least / 2) / (Math.log2(sorted.length) + 1);
	// Whole numbers need no width below 1, and bounds cannot be more precise than doubles.
	const finest = Math.max(sorted.every(Number.isInteger) ? 1 : 1e-300, 1e-14 * Math.max(-least, greatest));
	return Math.min(1e308, Math.max(finest, 2 * half));
}

function readable(width: number): Width {
	const exponent = Math.floor(Math.log10(width));
	const times = width / 10 ** exponent;
	return { digit: times >= 5 ? 5 : times >= 2 ? 2 : 1, exponent };
}

function wider({ digit, exponent }: Width): Width {
	if (digit === 5) return { digit: 1, exponent: exponent + 1 };
	return { digit: digit === 1 ? 2 : 5, exponent };
}

/** Computed from decimal digits, so that it is 0.3 and not 0.30000000000000004. Can be infinite. */
const boundOf = (bin: number, { digit, exponent }: Width): number => Number(`${bin * digit}e${exponent}`);

const finite = (bound: number): number => Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, bound));

function binOf(value: number, width: Width): number {
	const nearest = Math.round(value / Number(`${width.digit}e${width.exponent}`));
	return value < boundOf(nearest, width) ? nearest - 1 : nearest;
}
