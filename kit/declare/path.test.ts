import { expect, test } from 'vitest';
import { pathOf, templateOf } from './path.ts';

test.each([
	['/api/books/:id', { params: { id: 7 } }, '/api/books/7'],
	['/api/data/tables/:table', { params: { table: 'a/b ü' } }, '/api/data/tables/a%2Fb%20%C3%BC'],
	['/api/books', { query: { search: 'a&b', limit: undefined } }, '/api/books?search=a%26b'],
	[
		'/api/data',
		{ query: { filter: ['price:gt:3', 'id:lt:9'], limit: 2 } },
		'/api/data?filter=price%3Agt%3A3&filter=id%3Alt%3A9&limit=2',
	],
	['/api/books', { query: { limit: undefined } }, '/api/books'],
	['/api/books', {}, '/api/books'],
] as const)('fills in %s with %j', (template, parts, path) => {
	expect(pathOf(template, parts)).toBe(path);
});

test('joins a base and a path', () => {
	expect([templateOf('/api/books', '/'), templateOf('/api/books', '/:id')]).toEqual(['/api/books', '/api/books/:id']);
});
