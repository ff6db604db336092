/** The fields below one whose text no Postgres can store, though JSON can carry it, each with the reason. */
export function* unstorable(field: string, value: unknown): Generator<{ field: string; detail: string }> {
	if (typeof value === 'string') {
		if (value.includes('\0')) yield { field, detail: 'the character U+0000 cannot be kept; leave it out' };
		else if (!value.isWellFormed())
			yield { field, detail: 'half of a surrogate pair is no character; leave it out, or send both halves' };
	} else if (Array.isArray(value)) {
		// A list may be a million numbers long.
		for (const [index, item] of value.entries())
			if (typeof item !== 'number') yield* unstorable(`${field}.${index}`, item);
	} else if (typeof value === 'object' && value !== null)
		for (const [name, inner] of Object.entries(value)) yield* unstorable(`${field}.${name}`, inner);
}
