/** An invalid entry. `line` and `place` within the line count from 1; `at` is the offset in the whole text. */
export interface Wrong {
	readonly entry: string;
	readonly line: number;
	readonly place: number;
	readonly at: number;
}

/** The numbers of a text, or the first invalid entry and the number of invalid entries. */
export type Parsed = { readonly values: readonly number[] } | { readonly wrong: Wrong; readonly count: number };

const numeral = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The no-break spaces between digit groups, as French spreadsheets write them. */
const grouping = /(?<=\d)[\u00a0\u202f](?=\d{3})/g;

/**
 * Parses numbers separated by spaces, line ends, tabs, semicolons or commas. `1,5` is ambiguous, so a comma counts as a
 * decimal comma only if the text contains semicolons, which spreadsheets use as separators in locales with a decimal
 * comma.
 */
export function parse(text: string): Parsed {
	const decimalComma = text.includes(';');
	const entries = decimalComma ? /[^ \t\r\n;]+/g : /[^ \t\r\n,]+/g;
	const values: number[] = [];
	let wrong: Pick<Wrong, 'entry' | 'at'> | undefined;
	let count = 0;
	for (const { 0: entry, index: at } of text.matchAll(entries)) {
		const value = nearest(entry, decimalComma);
		if (value !== undefined) values.push(value);
		else {
			count += 1;
			wrong ??= { entry, at };
		}
	}
	if (!wrong) return { values };
	const lines = text.slice(0, wrong.at).split('\n');
	const before = lines.at(-1)?.match(entries)?.length ?? 0;
	return { wrong: { ...wrong, line: lines.length, place: before + 1 }, count };
}

/** Returns the nearest double, or undefined if the entry is not a number or exceeds the range of doubles. */
function nearest(entry: string, decimalComma: boolean): number | undefined {
	const plain = entry.replaceAll('−', '-').replace(grouping, '');
	const pointed = decimalComma ? plain.replace(',', '.') : plain;
	return numeral.test(pointed) && Number.isFinite(Number(pointed)) ? Number(pointed) : undefined;
}
