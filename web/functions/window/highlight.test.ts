import { expect, test } from 'vitest';
import { linesOf } from './highlight.ts';

const marked = (path: string, text: string) =>
	linesOf(path, text).map((line) => line.map(({ kind, text: part }) => (kind ? `<${kind}>${part}` : part)));

test('marks comments, strings and keywords, and splits those of several lines', () => {
	expect(marked('a.ts', "/** One\n * two */\nconst url = 'http://x'; // three\n")).toEqual([
		['<comment>/** One'],
		['<comment> * two */'],
		['<keyword>const', ' url = ', "<string>'http://x'", '; ', '<comment>// three'],
	]);
	expect(marked('a.sql', "-- one\nSELECT 'a' from b")).toEqual([
		['<comment>-- one'],
		['<keyword>SELECT', ' ', "<string>'a'", ' ', '<keyword>from', ' b'],
	]);
	expect(marked('a.json', '{"a": true}')).toEqual([['{', '<string>"a"', ': ', '<keyword>true', '}']]);
	expect(marked('a.yaml', '# one\n- kind: "B"')).toEqual([
		['<comment># one'],
		['- ', '<keyword>kind', ': ', '<string>"B"'],
	]);
});

test.each(['a.ts', 'a.sql', 'a.json', 'a.yaml', 'a.txt'])('loses no character of %s', (path) => {
	const text = `a 'b\n\n\`c \${d}\`\n"e\\"" /* f\n# g: h -- i // j\n`;
	const lines = linesOf(path, text).map((line) => line.map((part) => part.text).join(''));
	expect(`${lines.join('\n')}\n`).toBe(text);
});
