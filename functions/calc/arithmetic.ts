import { Decimal } from 'decimal.js';
import { Problem } from '../../kit/http/problem.ts';

/**
 * Decimal numbers, so 0.1 + 0.2 is 0.3. With 2000 digits, every sum, difference and product of two numbers that the
 * contract allows is exact: a sum can reach from 1e308 down to the thousandth digit of a number near 1e-324, and a
 * product has at most twice a thousand digits. A product of many numbers can need more and is rounded half to even, as
 * in IEEE 754. Numbers below 1e2000 are written without an exponent.
 */
const Exact = Decimal.clone({ precision: 2000, rounding: Decimal.ROUND_HALF_EVEN, toExpPos: 2000 });

export const add = (numbers: readonly string[]): string => through(numbers, (a, b) => a.plus(b));

export const subtract = (numbers: readonly string[]): string => through(numbers, (a, b) => a.minus(b));

export const multiply = (numbers: readonly string[]): string => through(numbers, (a, b) => a.times(b));

/**
 * Divides, and rounds the quotient once: to 34 significant digits, as IEEE 754's decimal128, or to as many as the
 * longest number has. A large integer divided by one of its divisors therefore gives an exact integer.
 */
export function divide(numbers: readonly string[]): string {
	const digits = Math.max(34, ...numbers.map((number) => new Exact(number).precision(true)));
	return through(numbers, (a, b) => a.dividedBy(b), digits);
}

/** Only the final result must be in the range of a double: 1e308 + 1e308 - 1e308 is 1e308. @throws {Problem} 422 */
function through(numbers: readonly string[], step: (a: Decimal, b: Decimal) => Decimal, digits?: number): string {
	const exact = numbers.map((number) => new Exact(number)).reduce(step);
	const result = digits === undefined ? exact : exact.toSignificantDigits(digits);
	if (result.abs().greaterThan(Number.MAX_VALUE))
		throw new Problem(
			422,
			`The result overflows: it is about ${result.toSignificantDigits(3).toExponential()}, and the largest possible is ${Number.MAX_VALUE}. Use smaller numbers.`,
		);
	return result.toString();
}
