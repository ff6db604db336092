import { expect, test } from 'vitest';
import { nextSort, readFilter, readView, sortOf, viewParams, written } from './view.ts';

test.each(['price:gt:30', 'title:contains:a: b', 'title:eq:', 'author:null:true', 'author:null:false'])(
	'reads and writes the filter %s',
	(text) => {
		const filter = readFilter(text);
		expect(filter && written(filter)).toBe(text);
	},
);

test('splits a filter into column, operator and value', () => {
	expect(readFilter('title:contains:a: b')).toEqual({ column: 'title', operator: 'contains', value: 'a: b' });
	expect(readFilter('author:null:true')).toEqual({ column: 'author', operator: 'null:true', value: '' });
});

test.each(['', 'price', ':eq:1', 'price:like:1', 'price:null:maybe', 'price:eq'])('rejects %j as a filter', (text) => {
	expect(readFilter(text)).toBeUndefined();
});

test('stores a view in the URL without the default values', () => {
	const plain = readView(new URLSearchParams());
	expect(plain).toEqual({ sort: undefined, filter: [], limit: 50, after: undefined });
	expect(viewParams(plain).toString()).toBe('');
	const view = { sort: '-price', filter: ['price:gt:30', 'title:contains:&'], limit: 25, after: 'W10' };
	expect(readView(viewParams(view))).toEqual(view);
});

test('sorts a column ascending, then descending, then not at all', () => {
	expect(nextSort(undefined, 'price')).toBe('price');
	expect(nextSort('price', 'price')).toBe('-price');
	expect(nextSort('-price', 'price')).toBeUndefined();
	expect(nextSort('-price', 'title')).toBe('title');
	expect([sortOf('-price', 'price'), sortOf('price', 'price'), sortOf('price', 'title')]).toEqual([
		'descending',
		'ascending',
		undefined,
	]);
});
