/** The longest accepted media type, in characters. */
const longest = 1024;

const name = /[\w!#$&^.+-]+(?:\/[\w!#$&^.+*-]+)?/y;
const parameter = /\s*;\s*[\w!#$&^.+-]+=(?:[\w!#$&^.+'*-]+|"[^"]*")/y;

/**
 * Returns whether a text is a media type with parameters (RFC 9110, 8.3.1). Reads it part by part, because one expression
 * for the whole text would try every way to divide its spaces.
 */
export function isMediaType(text: string): boolean {
	if (text.length > longest) return false;
	const trimmed = text.trim();
	const whole = trimmed.endsWith(';') ? trimmed.slice(0, -1).trimEnd() : trimmed;
	let end = endOf(name, whole, 0);
	for (let next = end; next !== undefined; next = endOf(parameter, whole, next)) end = next;
	return end === whole.length;
}

/** Returns where a match that begins at `start` ends, or undefined. */
function endOf(part: RegExp, text: string, start: number): number | undefined {
	part.lastIndex = start;
	return part.test(text) ? part.lastIndex : undefined;
}
