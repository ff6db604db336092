/** The halves of a double's 64 bits, in which its sign, exponent and mantissa lie (IEEE 754, 3.4). */
const double = new DataView(new ArrayBuffer(8));

/**
 * The mean of finite doubles, correctly rounded: the double next to the true mean, whatever the values' order and sizes.
 * Their sum is kept exactly, so nothing is lost to cancellation, and nothing overflows on the way.
 * @param values one at least, and two million at most, whose sums by exponent are exact
 */
export function mean(values: ArrayLike<number>): number {
	// A double is a whole number of 53 bits times a power of two. The whole numbers are summed by their power, in two halves,
	// so that each sum is itself a whole number that a double holds: two million of 32 bits have 53.
	const high = new Float64Array(2048);
	const low = new Float64Array(2048);
	for (let index = 0; index < values.length; index += 1) {
		double.setFloat64(0, values[index] as number);
		const top = double.getUint32(0);
		const sign = top >>> 31 ? -1 : 1;
		const exponent = (top >>> 20) & 0x7ff;
		// The first bit of a number's mantissa is not stored. The smallest, whose exponent is 0, have none; their power is that of 1.
		const power = exponent || 1;
		const mantissa = (top & 0xf_ffff) | (exponent ? 0x10_0000 : 0);
		high[power] = (high[power] as number) + sign * mantissa;
		low[power] = (low[power] as number) + sign * double.getUint32(4);
	}
	let sum = 0n;
	for (let power = 2047; power > 0; power -= 1)
		sum = (sum << 1n) + (BigInt(high[power] as number) << 32n) + BigInt(low[power] as number);
	return quotient(sum, BigInt(values.length));
}

/** The double next to `sum × 2^-1074 / count`, the one with an even mantissa if two are (IEEE 754, 4.3.1). */
function quotient(sum: bigint, count: bigint): number {
	const size = sum < 0n ? -sum : sum;
	// A double's mantissa has 53 bits, and its last is never worth less than 2^-1074.
	const excess = Math.max(0, (size / count).toString(2).length - 53);
	const unit = count << BigInt(excess);
	const whole = size / unit;
	const rest = 2n * (size % unit);
	const nearest = rest > unit || (rest === unit && whole % 2n) ? whole + 1n : whole;
	return Number(sum < 0n ? -nearest : nearest) * 2 ** (excess - 1074);
}
