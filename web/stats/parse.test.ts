import { expect, test } from 'vitest';
import { parse } from './parse.ts';

test.each([
	['1, 2,3', [1, 2, 3]],
	['1 2\n3\t4\r\n', [1, 2, 3, 4]],
	['1,5 2,5', [1, 5, 2, 5]],
	['1;2,5; 3', [1, 2.5, 3]],
	['1.5;2', [1.5, 2]],
	['1\u202f234,50;2', [1234.5, 2]],
	['-1e3 +.5 7. −2', [-1000, 0.5, 7, -2]],
	['', []],
	[' ,, \n', []],
])('parses %j', (text, values) => {
	expect(parse(text)).toEqual({ values });
});

test.each([
	['1 two 3', { entry: 'two', place: 2, line: 1, at: 2 }, 1],
	['price\n1\n2\nn/a\n', { entry: 'price', place: 1, line: 1, at: 0 }, 2],
	['1,2\n3,x', { entry: 'x', place: 2, line: 2, at: 6 }, 1],
	['1\r\n\n 2 x', { entry: 'x', place: 2, line: 3, at: 7 }, 1],
	['1;2,5,3', { entry: '2,5,3', place: 2, line: 1, at: 2 }, 1],
	['0x10', { entry: '0x10', place: 1, line: 1, at: 0 }, 1],
	['1e999', { entry: '1e999', place: 1, line: 1, at: 0 }, 1],
	['Infinity', { entry: 'Infinity', place: 1, line: 1, at: 0 }, 1],
])('reports the first invalid entry in %j with its position', (text, wrong, count) => {
	expect(parse(text)).toEqual({ wrong, count });
});
