import { askFile } from '../api/ask.ts';
import type { Language } from '../language.ts';

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

/** Returns the operation of a key, or undefined if the key can continue the typed number: `-5`, `1e-5`. */
export const operationOf = (key: string, typed: string): Operation | undefined =>
	/^[\s−-]*$|e$/i.test(typed) ? undefined : keys.get(key);

/**
 * Converts a number as people write it to the format of the API (RFC 8259, section 6). Accepts a typographic minus,
 * spaces between digit groups and a point without a digit on one side; in French also a decimal comma. Other text stays
 * unchanged.
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

/** Formats a number from the API for a language, with all its digits. */
export const written = (numeral: string, language: Language): string =>
	(language === 'fr' ? numeral.replace('.', ',') : numeral).replace('-', '−');

/** Reads the result from the response text, because a number would round it. @throws {Problem | Lost | TooSlow} */
export async function calculate(operation: Operation, a: string, b: string): Promise<string> {
	const answer = await askFile(`GET /api/calc/${operation}`, 'application/json', { query: { a, b } });
	return /"result":\s*([^}\s]+)/.exec(await answer.text())?.[1] ?? '';
}
