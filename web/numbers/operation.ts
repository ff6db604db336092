import { askFile } from '../api/ask.ts';
import type { Language } from '../language.ts';

/** The operations of the till, by their names in the API. */
export const operations = ['add', 'subtract', 'multiply', 'divide'] as const;
export type Operation = (typeof operations)[number];

export const signs: Readonly<Record<Operation, string>> = { add: '+', subtract: '−', multiply: '×', divide: '÷' };

const keys: ReadonlyMap<string, Operation> = new Map([
	['+', 'add'],
	['-', 'subtract'],
	['−', 'subtract'],
	['*', 'multiply'],
	['×', 'multiply'],
	['/', 'divide'],
	['÷', 'divide'],
]);

/** The operation that a key stands for, pressed after what was typed; none where it may be part of a number: `-5`, `1e-5`. */
export const operationOf = (key: string, typed: string): Operation | undefined =>
	/^[\s−-]*$|e$/i.test(typed) ? undefined : keys.get(key);

/**
 * A number as the API takes it (RFC 8259, 6), out of one as people write it: with a typographic minus, spaces between groups
 * of digits, a point without a digit beside it; in French also with a decimal comma. What is no number stays what it is.
 */
export function numeralOf(typed: string, language: Language): string {
	const text = typed
		.trim()
		.replaceAll('−', '-')
		.replace(/^\+/, '')
		.replace(/(?<=\d)\s(?=\d{3})/g, '');
	const pointed = language === 'fr' ? text.replace(',', '.') : text;
	return pointed.replace(/^(-?)(?=\.\d)/, '$10').replace(/(?<=\d)\.(?!\d)/, '');
}

/** A number of the API's as it is written in a language, to its last digit. */
export const written = (numeral: string, language: Language): string =>
	(language === 'fr' ? numeral.replace('.', ',') : numeral).replace('-', '−');

/**
 * The result with all its digits: it is taken from the text of the answer, for as a JavaScript number it would be rounded.
 * @throws {Problem | Lost | TooSlow}
 */
export async function calculate(operation: Operation, a: string, b: string): Promise<string> {
	const answer = await askFile(`GET /api/calc/${operation}`, 'application/json', { query: { a, b } });
	return /"result":\s*([^}\s]+)/.exec(await answer.text())?.[1] ?? '';
}
