import type { Row } from './rows.ts';

/** Rows as CSV (RFC 4180), under a line of their columns' names. */
export async function* csv(
	columns: readonly string[],
	pages: AsyncIterable<Row[]> | Iterable<Row[]>,
): AsyncGenerator<string> {
	yield record(columns);
	for await (const rows of pages) yield rows.map(({ values }) => record(columns.map((name) => values[name]))).join('');
}

const record = (values: readonly unknown[]): string => `${values.map(field).join(',')}\r\n`;

/** Nothing at all is null, and `""` a text without characters, as Postgres’s own COPY has it. */
function field(value: unknown): string {
	if (value === null || value === undefined) return '';
	const text = typeof value === 'string' ? disarmed(value) : JSON.stringify(value);
	return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A spreadsheet runs a text that begins like a formula (OWASP: "CSV Injection"), and texts are what customers told the shop.
 * A quotation mark before it makes it a text there too; a number may begin with its minus.
 */
const disarmed = (text: string): string =>
	/^[=+\-@\t\r\n＝＋－＠]/.test(text) && !/^-\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
