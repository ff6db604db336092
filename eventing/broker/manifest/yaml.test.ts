import { expect, test } from 'vitest';
import { parseYaml } from './yaml.ts';

// The expected values are those of sigs.k8s.io/yaml, with which kubectl reads manifests.
test.each<[string, unknown[]]>([
	[
		'a: yes\nb: Off\nc: y\nd: "yes"\ne: yEs\nf: ~\ng:',
		[{ a: true, b: false, c: true, d: 'yes', e: 'yEs', f: null, g: null }],
	],
	[
		'a: 010\nb: 0o10\nc: 0x1F\nd: 0b11\ne: 1_000\nf: 09\ng: 1:20',
		[{ a: 8, b: 8, c: 31, d: 3, e: 1000, f: 9, g: '1:20' }],
	],
	['a: 1e3\nb: .5\nc: 1.\nd: 1e\ne: 2001-12-14', [{ a: 1000, b: 0.5, c: 1, d: '1e', e: '2001-12-14' }]],
	['a: !!str 1\nb: !!int "2"\nc: !!float 3\nd: !foo x', [{ a: '1', b: 2, c: 3, d: 'x' }]],
	['yes: 1\n1.5: 2', [{ true: 1, 1.5: 2 }]],
	['a: 1\na: 2', [{ a: 2 }]],
	['x: &x {a: 1, b: 2}\nz: {<<: *x, b: 3}', [{ x: { a: 1, b: 2 }, z: { a: 1, b: 3 } }]],
	['x: &x {a: 1, b: 2}\nz: {b: 3, <<: *x}', [{ x: { a: 1, b: 2 }, z: { a: 1, b: 2 } }]],
	['z: {<<: [{a: 1}, {a: 2, b: 2}], c: 3}', [{ z: { a: 1, b: 2, c: 3 } }]],
	['x: &x {<<: {a: 1}}\nz: {<<: *x}', [{ x: { a: 1 }, z: { a: 1 } }]],
	['z: {"<<": {a: 1}}', [{ z: { '<<': { a: 1 } } }]],
	['<<: {a: {b: 1}}\na: {c: 2}', [{ a: { c: 2 } }]],
	['a: &x 1\nb: *x\nc: &x 2\nd: *x', [{ a: 1, b: 1, c: 2, d: 2 }]],
	['a: 1\r\n--- # next\r\nb: 2\r\n', [{ a: 1 }, { b: 2 }]],
	['a: 1\n...\nb: 2', [{ a: 1 }]],
	['a: |\n  x\n  y\n', [{ a: 'x\ny\n' }]],
	['__proto__: {a: 1}', [JSON.parse('{"__proto__":{"a":1}}')]],
])('reads %j as kubectl does', (text, values) => {
	expect(parseYaml(text)).toEqual(values);
});

test.each([
	['z: {<<: 1}', 'a merge key (<<) expects a mapping'],
	['x: &x [1]\nz: {<<: *x}', 'a merge key (<<) expects a mapping'],
	['a: *x', 'expected an anchor before it'],
	['a: &a [*a]', 'an anchor that contains itself'],
	['a: &a {<<: *a}', 'an anchor that contains itself'],
	['a: .inf', 'found .inf, expected a number'],
	['a: !!int x', 'expected a value of the type !!int'],
	['? [a]\n: b', 'no text, number or boolean'],
	['a: [', 'Flow sequence'],
	['---x', 'found "x" after ---'],
	[
		`a0: &a0 x\n${Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]\n`).join('')}`,
		'more than 1000 aliases',
	],
])('rejects %j', (text, message) => {
	expect(() => parseYaml(text)).toThrow(message);
});
