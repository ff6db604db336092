/** Yields the fields of a value whose text JSON can carry but Postgres cannot store, each with the reason. */
export function* unstorable(field: string, value: unknown): Generator<{ field: string; detail: string }> {
	if (typeof value === 'string') {
		if (value.includes('\0')) yield { field, detail: 'the character U+0000 cannot be stored; leave it out' };
		else if (!value.isWellFormed())
			yield { field, detail: 'half of a surrogate pair is not a character; leave it out, or send both halves' };
	} else if (Array.isArray(value)) {
		// Skips numbers, because a list can contain a million of them.
		for (const [index, item] of value.entries())
			if (typeof item !== 'number') yield* unstorable(`${field}.${index}`, item);
	} else if (typeof value === 'object' && value !== null)
		for (const [name, inner] of Object.entries(value)) {
			yield* unstorable(field, name);
			yield* unstorable(`${field}.${name}`, inner);
		}
}
