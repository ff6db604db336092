type Row = Readonly<Record<string, unknown>>;
type Rows = readonly Row[];

/** Yields rows as CSV (RFC 4180), after a header line with the column names. */
export async function* csv(
	columns: readonly string[],
	pages: AsyncIterable<Rows> | Iterable<Rows>,
): AsyncGenerator<string> {
	yield record(columns);
	for await (const rows of pages) yield rows.map((row) => record(columns.map((name) => row[name]))).join('');
}

const record = (values: readonly unknown[]): string => `${values.map(field).join(',')}\r\n`;

/** Writes null as an empty field and an empty text as `""`, as Postgres’s COPY does. */
function field(value: unknown): string {
	if (value === null || value === undefined) return '';
	const text = disarmed(typeof value === 'string' ? value : JSON.stringify(value));
	return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const separator = /[,;|\t\r\n]/;
/** Characters that a spreadsheet ignores at the beginning of a cell: spaces, controls, characters without a width, quotes. */
const blank = /[\s\p{C}\p{Z}"]/u;
/** A negative number up to the end of its cell. */
const number = /-\d+(?:\.\d+)?(?:e[+-]?\d+)?(?=$|[,;|\t\r\n\]}])/iy;
const numberInText = /-\d+(?:\.\d+)?(?:e[+-]?\d+)?(?=$|[\s,;|\]}])/iy;

/**
 * Prevents CSV injection (OWASP): a spreadsheet runs text that begins like a formula, and the text can come from
 * customers. An apostrophe before the sign makes it text. The spreadsheet can also separate cells at semicolons, tabs, bars
 * or spaces, as its language or its user decides, so a sign after any of these gets an apostrophe too. Negative numbers,
 * and signs that stand alone between spaces, stay as they are.
 */
function disarmed(text: string): string {
	if (!/[=+@-]|[^ -~]/.test(text)) return text;
	let result = /^[\t\r\n]/.test(text) ? "'" : '';
	/** Whether a cell could begin here: for every reader of the file, or only for one that separates at spaces. */
	let begins: 'cell' | 'word' | undefined = 'cell';
	let index = 0;
	for (const char of text) {
		if (separator.test(char)) begins = 'cell';
		else if (blank.test(char)) begins ??= char === '"' ? undefined : 'word';
		else {
			if (begins && isSign(char) && !isHarmless(text, index, begins)) result += "'";
			begins = undefined;
		}
		result += char;
		index += char.length;
	}
	return result;
}

/** Whether a character is a sign that begins a formula, also in its full-width or small form. */
const isSign = (char: string): boolean => '=+-@'.includes(char.normalize('NFKC').charAt(0));

function isHarmless(text: string, index: number, begins: 'cell' | 'word'): boolean {
	const shape = begins === 'cell' ? number : numberInText;
	shape.lastIndex = index;
	return shape.test(text) || (begins === 'word' && /^\s?$/.test(text.charAt(index + 1)));
}
