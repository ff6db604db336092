import { expect, test } from 'vitest';
import { csv } from './csv.ts';

test('CSV contains no formula for any reader, and leaves ordinary text as it is', async () => {
	const read = async (text: string): Promise<string> => {
		let lines = '';
		for await (const line of csv(['c'], [[{ c: text }]])) lines += line;
		const field = lines.slice('c\r\n'.length, -2);
		return field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
	};
	for (const [text, disarmed] of [
		["x;=cmd|' /C calc'!A0;", "x;'=cmd|' /C calc'!A0;"],
		['a,@b', "a,'@b"],
		['a\t+b', "a\t'+b"],
		['a|=b', "a|'=b"],
		['a\n-b', "a\n'-b"],
		['  =b', "  '=b"],
		['\u00a0=b', "\u00a0'=b"],
		['\u200b\ufeff=b', "\u200b\ufeff'=b"],
		['a; \t"=b', 'a; \t"\'=b'],
		['"=b', '"\'=b'],
		['＝b', "'＝b"],
		['a;＠b', "a;'＠b"],
		['a;﹢b', "a;'﹢b"],
		['a =b', "a '=b"],
		['-5 +b', "'-5 '+b"],
		['\r=b', "'\r'=b"],
	])
		expect(await read(text as string)).toBe(disarmed);
	for (const text of [
		'-5',
		'-1.5e-7',
		'1;-5;2',
		'a - b',
		'1 + 1',
		'ada@example.com',
		'Jean-Luc',
		'a=b',
		'x -5 y',
		'日本',
	])
		expect(await read(text)).toBe(text);
	expect(await read('\t'.repeat(1_000_000))).toHaveLength(1_000_001);
});
