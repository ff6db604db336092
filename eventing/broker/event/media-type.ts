/** The longest accepted media type, in characters. Knative has no limit but that of all headers. */
const longest = 1024;

const token = "[!#$%&'*+.^_`|~{}\\w-]+";
const special = '[()<>@,;:\\\\"/\\[\\]?=]';
const name = new RegExp(`\\s*${token}(?:/${token})?\\s*`, 'y');
const quoted = `"(?:\\\\${special}|[^"\\\\\\r\\n]|\\\\(?!${special}))*"`;
const parameter = new RegExp(`\\s*;\\s*(${token})\\s*=\\s*(${token}|${quoted})`, 'y');
const end = /\s*;?\s*$/y;

/**
 * Returns whether a text is a media type with parameters, by the rules of Go's mime.ParseMediaType. Reads it part by part,
 * because one expression for the whole text would try every way to divide its spaces.
 */
export function isMediaType(text: string): boolean {
	if (text.length > longest) return false;
	const trimmed = text.trim();
	name.lastIndex = 0;
	if (!name.test(trimmed)) return false;
	const parameters = new Map<string, string>();
	for (let at = name.lastIndex; ; at = parameter.lastIndex) {
		parameter.lastIndex = at;
		const [, key, value] = parameter.exec(trimmed) ?? [];
		if (key === undefined || value === undefined) {
			end.lastIndex = at;
			return end.test(trimmed);
		}
		// Go accepts a parameter twice only with the same value.
		const found = parameters.get(key.toLowerCase());
		if (found !== undefined && found !== unquoted(value)) return false;
		parameters.set(key.toLowerCase(), unquoted(value));
	}
}

const escapes = new RegExp(`\\\\(${special})`, 'g');
const unquoted = (value: string): string => (value.startsWith('"') ? value.slice(1, -1).replace(escapes, '$1') : value);
