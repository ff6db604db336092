import * as z from 'zod';

/** Money in responses and events: a decimal string with two digits after the point, as `numeric` prints it. */
export const Money = z.string().regex(/^\d{1,14}\.\d{2}$/);

const wanted = 'expected an amount like "39.99", at most 99999999.99';
const written = /^ *[0-9]{1,8}(\.[0-9]{1,2})? *$/;

/** Money in requests: a number or a decimal string with at most two digits after the point. It becomes `Money`. */
export const MoneyInput = z
	.union(
		[
			// Compared as text, because 0.07 is no multiple of 0.01 in binary fractions.
			z
				.number()
				.refine((number) => written.test(String(number)), wanted)
				.meta({ minimum: 0, maximum: 99_999_999.99, multipleOf: 0.01 }),
			z.string().regex(written, wanted),
		],
		wanted,
	)
	.transform((amount) => {
		const [whole = '0', cents = ''] = String(amount).trim().split('.');
		return `${Number(whole)}.${cents.padEnd(2, '0')}`;
	});

const centsOf = (amount: string): bigint => BigInt(amount.replace('.', ''));
const amountOf = (cents: bigint): string => `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;

/** Multiplies an amount exactly by a whole number. */
export const multiply = (amount: string, times: number): string => amountOf(centsOf(amount) * BigInt(times));

/** Adds amounts exactly. */
export const sum = (amounts: readonly string[]): string =>
	amountOf(amounts.reduce((total, amount) => total + centsOf(amount), 0n));
