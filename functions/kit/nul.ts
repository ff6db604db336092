/** The fields below one that hold a text with U+0000 in it: JSON can carry it, and no text in Postgres can. */
export function* nulsIn(field: string, value: unknown): Generator<string> {
	if (typeof value === 'string') {
		if (value.includes('\0')) yield field;
	} else if (Array.isArray(value)) {
		// A list may be a million numbers long.
		for (const [index, item] of value.entries()) if (typeof item !== 'number') yield* nulsIn(`${field}.${index}`, item);
	} else if (typeof value === 'object' && value !== null)
		for (const [name, inner] of Object.entries(value)) yield* nulsIn(`${field}.${name}`, inner);
}
