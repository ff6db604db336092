import { expect, test } from 'vitest';
import { numeralOf, operationOf, written } from './operation.ts';

test.each([
	['12.5', '12.5', '12.5'],
	[' −12.50 ', '-12.50', '-12.50'],
	['+3', '3', '3'],
	['.5', '0.5', '0.5'],
	['-.5', '-0.5', '-0.5'],
	['7.', '7', '7'],
	['1 000 000', '1000000', '1000000'],
	['1\u202f000,25', '1000,25', '1000.25'],
	['0,1', '0,1', '0.1'],
	['1e-7', '1e-7', '1e-7'],
	['1 2', '1 2', '1 2'],
	['two', 'two', 'two'],
])('parses %j as %j in English and %j in French', (typed, en, fr) => {
	expect(numeralOf(typed, 'en')).toBe(en);
	expect(numeralOf(typed, 'fr')).toBe(fr);
});

test.each([
	['+', '1', 'add'],
	['-', '1', 'subtract'],
	['*', '0.5', 'multiply'],
	['/', '-3', 'divide'],
	['-', '', undefined],
	['-', '1e', undefined],
	['+', '1E', undefined],
	['5', '1', undefined],
])('maps the key %s after %j to %s', (key, typed, operation) => expect(operationOf(key, typed)).toBe(operation));

test('formats a result with all its digits', () => {
	expect(written('-0.1234567890123456789', 'en')).toBe('−0.1234567890123456789');
	expect(written('0.5', 'fr')).toBe('0,5');
	expect(written('1e-600', 'en')).toBe('1e−600');
});
