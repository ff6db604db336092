interface Fault {
	readonly field: string;
	readonly detail: string;
}

/** The most levels of a value. Serializing and storing one recurses, and a stack has room for some thousand calls. */
const deepest = 1_000;

/**
 * Yields the fields of a value that JSON can carry but Postgres cannot store, each with the reason. Does not call itself,
 * because a value can be nested deeper than the stack.
 */
export function* unstorable(field: string, value: unknown): Generator<Fault> {
	const open: Iterator<[field: string, value: unknown]>[] = [[[field, value] as [string, unknown]].values()];
	for (let parts = open.at(-1); parts; parts = open.at(-1)) {
		if (open.length > deepest) return yield { field, detail: `nested too deeply; expected at most ${deepest} levels` };
		const next = parts.next();
		if (next.done) open.pop();
		else if (typeof next.value[1] === 'string') yield* faultsOf(...(next.value as [string, string]));
		else if (typeof next.value[1] === 'object' && next.value[1])
			open.push(partsOf(...(next.value as [string, object])));
	}
}

function* faultsOf(field: string, text: string): Generator<Fault> {
	if (text.includes('\0')) yield { field, detail: 'the character U+0000 cannot be stored; leave it out' };
	else if (!text.isWellFormed())
		yield { field, detail: 'half of a surrogate pair is not a character; leave it out, or send both halves' };
}

function* partsOf(field: string, value: object): Generator<[string, unknown]> {
	if (Array.isArray(value)) {
		// Skips numbers, because a list can contain a million of them.
		for (const [index, item] of value.entries()) if (typeof item !== 'number') yield [`${field}.${index}`, item];
	} else
		for (const [name, inner] of Object.entries(value)) {
			yield [field, name];
			yield [`${field}.${name}`, inner];
		}
}
