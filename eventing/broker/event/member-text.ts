/**
 * Returns the source text of one member of a JSON object: of the last one, as JSON.parse does. Parsing and serialising again would change numbers (1.0,
 * 12345678901234567890) and white space, which would break a signature over the data.
 * @param json a valid JSON object; the caller has already parsed it with JSON.parse.
 */
export function memberText(json: string, name: string): string | undefined {
	let at = json.indexOf('{') + 1;
	let found: string | undefined;
	for (;;) {
		const key = json.indexOf('"', at);
		if (key < 0) return found;
		const afterKey = endOfString(json, key);
		const value = json.indexOf(':', afterKey) + 1;
		at = endOfValue(json, value);
		if (JSON.parse(json.slice(key, afterKey)) === name) found = json.slice(value, at).trim();
	}
}

/** Returns the index after the closing quote of the string that begins at `start`. */
function endOfString(json: string, start: number): number {
	let at = start + 1;
	while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
	return at + 1;
}

/** Returns the index of the comma or brace that ends the value which begins at `start`. */
function endOfValue(json: string, start: number): number {
	let depth = 0;
	for (let at = start; ; at++) {
		switch (json[at]) {
			case '"':
				at = endOfString(json, at) - 1;
				break;
			case '{':
			case '[':
				depth++;
				break;
			case ',':
				if (depth === 0) return at;
				break;
			case '}':
			case ']':
				if (depth === 0) return at;
				depth--;
		}
	}
}
