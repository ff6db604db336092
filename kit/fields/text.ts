import * as z from 'zod';

/**
 * U+0000, which Postgres cannot store, in a class of a regular expression. The kit also rejects halves of surrogate pairs, but
 * many validators cannot read a class of those.
 */
export const unstorable = '\\u0000';

/** Counts code points, as JSON Schema does. */
const lengthOf = (text: string): number => {
	let length = 0;
	for (const _ of text) length += 1;
	return length;
};

/** A text of `least` to `most` characters. */
export const text = (least: number, most: number) =>
	z
		.string()
		.superRefine((value, { addIssue }) => {
			const length = lengthOf(value);
			if (length < least) addIssue(`expected at least ${least} characters, found ${length}`);
			if (length > most) addIssue(`expected at most ${most} characters, found ${length}`);
		})
		.meta({ minLength: least, maxLength: most });

/** A text of at most `most` characters. It loses the spaces around it. */
export const trimmed = (most: number) => text(0, most).trim().meta({ maxLength: most });

/** A text of at most `most` characters that is not blank. It loses the spaces around it. */
export const line = (most: number) =>
	text(1, most)
		.regex(/\S/, 'expected a text that is not blank')
		.trim()
		.meta({
			minLength: 1,
			maxLength: most,
			pattern: `^[^${unstorable}]*[^\\s\\ufeff${unstorable}][^${unstorable}]*$`,
		});
