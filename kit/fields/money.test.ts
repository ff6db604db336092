import { expect, test } from 'vitest';
import { Money, MoneyInput, multiply, sum } from './money.ts';

test.each([
	[29.99, '29.99'],
	[39.9, '39.90'],
	[0, '0.00'],
	['39.9', '39.90'],
	[' 7 ', '7.00'],
	['007.50', '7.50'],
	['99999999.99', '99999999.99'],
])('reads %j as %s', (given, taken) => {
	expect(MoneyInput.parse(given)).toBe(taken);
	expect(Money.parse(taken)).toBe(taken);
});

test.each([-1, 0.1 + 0.2, 1e21, 1e-7, 100_000_000, Number.NaN, Number.POSITIVE_INFINITY])(
	'rejects the number %d',
	(given) => {
		expect(MoneyInput.safeParse(given).success).toBe(false);
	},
);

test.each(['', '-1', '1.234', '1,50', '1.', '.5', '1e3', '0x10', '٣', null, true, [1]])('rejects %j', (given) => {
	expect(MoneyInput.safeParse(given).success).toBe(false);
});

test('multiplies amounts exactly', () => {
	expect(multiply('29.99', 3)).toBe('89.97');
	expect(multiply('0.01', 7)).toBe('0.07');
	expect(multiply('1.10', 3)).toBe('3.30');
	expect(multiply('99999999.99', 1_000_000)).toBe('99999999990000.00');
});

test('adds amounts exactly', () => {
	expect(sum(['0.10', '0.20', '99999999990000.00'])).toBe('99999999990000.30');
	expect(sum([])).toBe('0.00');
});

test.each(['a lot', '25.999', '-1', '', '1e2', '123456789', 0.005, -1, 1e9, 1e-7, null, [], undefined])(
	'rejects the amount %j, and says what it expects',
	(amount) => {
		const { error } = MoneyInput.safeParse(amount);
		expect(error?.issues.map(({ message }) => message)).toEqual([
			'expected an amount like "39.99", at most 99999999.99',
		]);
	},
);
