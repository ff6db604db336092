import { Decimal } from 'decimal.js';
import { Problem } from '../../kit/http/problem.ts';

/**
 * Numbers are decimals, so 0.1 + 0.2 is 0.3. 2000 digits hold every sum, difference and product of two numbers that the
 * contract lets in: from 1e308 down to the thousandth digit of a number about 1e-324, and twice a thousand digits. What
 * needs more, a product of many, is rounded to them, half to even, as IEEE 754 does. Up to there a number is written out.
 */
const Exact = Decimal.clone({ precision: 2000, rounding: Decimal.ROUND_HALF_EVEN, toExpPos: 2000 });

export const add = (numbers: readonly string[]): string => through(numbers, (a, b) => a.plus(b));

export const subtract = (numbers: readonly string[]): string => through(numbers, (a, b) => a.minus(b));

export const multiply = (numbers: readonly string[]): string => through(numbers, (a, b) => a.times(b));

/**
 * Rounds the quotient, once, to 34 significant digits, those of IEEE 754's decimal128, or to as many as the longest
 * number has: so a large integer divided by one that divides it gives an integer to the last digit.
 */
export function divide(numbers: readonly string[]): string {
	const digits = Math.max(34, ...numbers.map((number) => new Exact(number).precision(true)));
	return through(numbers, (a, b) => a.dividedBy(b), digits);
}

/**
 * Goes through the numbers from left to right. Only the end is held to the range of a double, so 1e308 + 1e308 - 1e308 is
 * 1e308.
 * @throws {Problem} 422 at an overflow
 */
function through(numbers: readonly string[], step: (a: Decimal, b: Decimal) => Decimal, digits?: number): string {
	const exact = numbers.map((number) => new Exact(number)).reduce(step);
	const result = digits === undefined ? exact : exact.toSignificantDigits(digits);
	if (result.abs().greaterThan(Number.MAX_VALUE))
		throw new Problem(
			422,
			`The result overflows: it is about ${result.toSignificantDigits(3).toExponential()}, and the largest there is ${Number.MAX_VALUE}. Use smaller numbers.`,
		);
	return result.toString();
}
