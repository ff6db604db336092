/** A part of a line, with what it is if that is marked. */
export interface Part {
	readonly kind?: 'comment' | 'string' | 'keyword';
	readonly text: string;
}

const words =
	'abstract as async await break case catch class const continue default do else export extends false finally for from function get if implements import in instanceof interface let new null of private public readonly return satisfies set static switch this throw true try type typeof undefined void while yield';
const sqlWords =
	'add alter and as begin bigint boolean by cascade check comment constraint create default delete drop end execute exists false for foreign from function generated grant if in index insert integer into is jsonb key language not null on or order primary references returns revoke select set table text then timestamptz to trigger true type unique update using values view when where with';

const string = `'(?:[^'\\\\\\n]|\\\\.)*'|"(?:[^"\\\\\\n]|\\\\.)*"`;

/** By file ending: comments, strings and keywords, as groups of one regular expression. */
const languages: Readonly<Record<string, RegExp>> = {
	ts: new RegExp(
		`(//.*|/\\*[\\s\\S]*?\\*/)|(${string}|\`(?:[^\`\\\\]|\\\\.)*\`)|\\b(${words.replaceAll(' ', '|')})\\b`,
		'g',
	),
	sql: new RegExp(`(--.*)|(${string})|\\b(${sqlWords.replaceAll(' ', '|')})\\b`, 'gi'),
	json: new RegExp(`(?!)()|(${string})|\\b(true|false|null)\\b`, 'g'),
	yaml: new RegExp(`((?<=^|\\s)#.*)|(${string})|(?<=^\\s*(?:- )?)([\\w./-]+(?=:))`, 'gm'),
};

/** Splits a file into lines, and marks comments, strings and keywords in them. */
export function linesOf(path: string, text: string): readonly (readonly Part[])[] {
	const language = languages[path.split('.').at(-1) ?? ''];
	const lines: Part[][] = [[]];
	const add = (part: Part): void => {
		for (const [index, piece] of part.text.split('\n').entries()) {
			if (index > 0) lines.push([]);
			if (piece) lines.at(-1)?.push({ ...part, text: piece });
		}
	};
	let end = 0;
	for (const { 0: whole, 1: comment, 2: quoted, index } of language ? text.matchAll(language) : []) {
		if (index > end) add({ text: text.slice(end, index) });
		add({ kind: comment ? 'comment' : quoted ? 'string' : 'keyword', text: whole });
		end = index + whole.length;
	}
	add({ text: text.slice(end) });
	// The last line ends with a line break itself.
	if (lines.at(-1)?.length === 0) lines.pop();
	return lines;
}
