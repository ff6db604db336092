/** What a form is filled in with, as texts. */
export type Filled<Name extends string> = Readonly<Record<Name, string>>;

/** Somebody else has changed the same as one has oneself. */
export class Clash extends Error {
	/** What they have made of it, by field. */
	readonly theirs: Readonly<Record<string, string>>;

	constructor(theirs: Readonly<Record<string, string>>) {
		super(`changed in the meantime: ${Object.keys(theirs).join(', ')}`);
		this.theirs = theirs;
	}
}

/**
 * What is to be saved when others have been at work too: of each field one's own, if one has changed it, else theirs. An
 * order that takes copies out of the stock is not undone by who corrects the title.
 * @param base what both began with @throws {Clash} when both have changed a field, to something else
 */
export function merge<Name extends string>(base: Filled<Name>, mine: Filled<Name>, theirs: Filled<Name>): Filled<Name> {
	const names = Object.keys(base) as Name[];
	const clashing = names.filter(
		(name) => mine[name] !== base[name] && theirs[name] !== base[name] && mine[name] !== theirs[name],
	);
	const pick = (from: (name: Name) => string, which: readonly Name[]) =>
		Object.fromEntries(which.map((name) => [name, from(name)])) as Record<Name, string>;
	if (clashing.length) throw new Clash(pick((name) => theirs[name], clashing));
	return pick((name) => (mine[name] === base[name] ? theirs : mine)[name], names);
}
