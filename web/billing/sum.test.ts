import { expect, test } from 'vitest';
import { sumOf } from './sum.ts';

test('adds amounts exactly to the cent', () => {
	expect(sumOf([])).toBe('0.00');
	expect(sumOf(['0.10', '0.20'])).toBe('0.30');
	expect(sumOf(['29.99', '0.02'])).toBe('30.01');
	expect(sumOf(['99999999999999.99', '99999999999999.99'])).toBe('199999999999999.98');
});
