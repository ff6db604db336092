/** Scratch space for reading a double's 64 bits: sign, exponent and mantissa (IEEE 754, 3.4). */
const double = new DataView(new ArrayBuffer(8));

/**
 * Returns the correctly rounded mean of finite doubles: the double nearest to the true mean, for values of any order
 * and size. The sum is exact, so there is no cancellation and no intermediate overflow.
 * @param values from one to two million values; with more, the sums per exponent would no longer be exact
 */
export function mean(values: ArrayLike<number>): number {
	// A double is a 53-bit integer times a power of two. We sum the integers per power, in two halves, so that each sum
	// fits exactly in a double: the sum of two million 32-bit integers has 53 bits.
	const high = new Float64Array(2048);
	const low = new Float64Array(2048);
	let lowest = 2047;
	let highest = 1;
	for (let index = 0; index < values.length; index += 1) {
		double.setFloat64(0, values[index] as number);
		const top = double.getUint32(0);
		const sign = top >>> 31 ? -1 : 1;
		const exponent = (top >>> 20) & 0x7ff;
		// The leading mantissa bit is implicit. Subnormals, with exponent 0, lack it and have the same power as exponent 1.
		const power = exponent || 1;
		lowest = Math.min(lowest, power);
		highest = Math.max(highest, power);
		const mantissa = (top & 0xf_ffff) | (exponent ? 0x10_0000 : 0);
		high[power] = (high[power] as number) + sign * mantissa;
		low[power] = (low[power] as number) + sign * double.getUint32(4);
	}
	let sum = 0n;
	for (let power = highest; power >= lowest; power -= 1)
		sum = (sum << 1n) + (BigInt(high[power] as number) << 32n) + BigInt(low[power] as number);
	return quotient(sum << BigInt(lowest - 1), BigInt(values.length));
}

/** Returns the double nearest to `sum × 2^-1074 / count`; in a tie, the one with an even mantissa (IEEE 754, 4.3.1). */
function quotient(sum: bigint, count: bigint): number {
	const size = sum < 0n ? -sum : sum;
	// A double's mantissa has 53 bits, and its last bit is worth at least 2^-1074.
	const excess = Math.max(0, (size / count).toString(2).length - 53);
	const unit = count << BigInt(excess);
	const whole = size / unit;
	const rest = 2n * (size % unit);
	const nearest = rest > unit || (rest === unit && whole % 2n) ? whole + 1n : whole;
	return Number(sum < 0n ? -nearest : nearest) * 2 ** (excess - 1074);
}
