import type { Row } from './rows.ts';

/** Yields rows as CSV (RFC 4180), after a header line with the column names. */
export async function* csv(
	columns: readonly string[],
	pages: AsyncIterable<Row[]> | Iterable<Row[]>,
): AsyncGenerator<string> {
	yield record(columns);
	for await (const rows of pages) yield rows.map(({ values }) => record(columns.map((name) => values[name]))).join('');
}

const record = (values: readonly unknown[]): string => `${values.map(field).join(',')}\r\n`;

/** Writes null as an empty field and an empty text as `""`, as Postgres’s COPY does. */
function field(value: unknown): string {
	if (value === null || value === undefined) return '';
	const text = typeof value === 'string' ? disarmed(value) : JSON.stringify(value);
	return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Prevents CSV injection (OWASP): a spreadsheet runs text that begins like a formula, and the text can come from
 * customers. A leading apostrophe makes the spreadsheet treat it as text. Negative numbers stay as they are.
 */
const disarmed = (text: string): string =>
	/^[=+\-@\t\r\n＝＋－＠]/.test(text) && !/^-\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
