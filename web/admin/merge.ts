/** The values of a form, as texts. */
export type Filled<Name extends string> = Readonly<Record<Name, string>>;

/** Thrown when somebody else has changed the same field. */
export class Clash extends Error {
	readonly theirs: Readonly<Record<string, string>>;

	constructor(theirs: Readonly<Record<string, string>>) {
		super(`changed in the meantime: ${Object.keys(theirs).join(', ')}`);
		this.theirs = theirs;
	}
}

/**
 * Returns the values to save after somebody else has saved too: `mine` for each field that this user changed, else
 * `theirs`. So an admin who corrects a title does not undo an order that reduced the stock.
 * @param base the values that both started from @throws {Clash} when both have changed a field to different values
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
