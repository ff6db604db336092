import * as z from 'zod';

/** Money in responses and events: a decimal string with two digits after the point, as `numeric` prints it. */
export const Money = z.string().regex(/^\d{1,14}\.\d{2}$/);

/** Money in requests: a number or a decimal string with at most two digits after the point. It becomes `Money`. */
export const MoneyInput = z
	.union([z.number().nonnegative(), z.string().trim()])
	.transform(String)
	.pipe(z.string().regex(/^\d{1,8}(\.\d{1,2})?$/, 'expected an amount like "39.99", at most 99999999.99'))
	.transform((text) => {
		const [whole = '0', cents = ''] = text.split('.');
		return `${Number(whole)}.${cents.padEnd(2, '0')}`;
	});

/** Multiplies an amount exactly by a whole number. */
export function multiply(amount: string, times: number): string {
	const cents = BigInt(amount.replace('.', '')) * BigInt(times);
	return `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
}
