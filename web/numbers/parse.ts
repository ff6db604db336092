/** An entry that is no number: in which line, and which one there, both counted from one; and from which character of all on. */
export interface Wrong {
	readonly entry: string;
	readonly line: number;
	readonly place: number;
	readonly at: number;
}

/** What a text holds: its numbers, or else the first entry that is none, and how many such there are. */
export type Parsed = { readonly values: readonly number[] } | { readonly wrong: Wrong; readonly count: number };

/** As people write numbers, with a point. */
const numeral = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** What stands between the groups of digits in a number that a spreadsheet has written in French: a space that does not break. */
const grouping = /(?<=\d)[\u00a0\u202f](?=\d{3})/g;

/**
 * The numbers of a text as people paste them: between them are spaces, line ends, tabs, semicolons or commas. `1,5` may be one
 * number or two; only where there are semicolons to stand between numbers is a comma surely a decimal comma, as spreadsheets
 * write lists where one has those.
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

/** The nearest double, or undefined for what is no number or beyond all doubles. */
function nearest(entry: string, decimalComma: boolean): number | undefined {
	const plain = entry.replaceAll('−', '-').replace(grouping, '');
	const pointed = decimalComma ? plain.replace(',', '.') : plain;
	return numeral.test(pointed) && Number.isFinite(Number(pointed)) ? Number(pointed) : undefined;
}
