import { expect, test } from 'vitest';
import { pathOf, templateOf } from './path.ts';

test.each([
	['/api/shelves/:id', { params: { id: 7 } }, '/api/shelves/7'],
	['/api/data/tables/:table', { params: { table: 'a/b ü' } }, '/api/data/tables/a%2Fb%20%C3%BC'],
	['/api/shelves', { query: { search: 'a&b', limit: undefined } }, '/api/shelves?search=a%26b'],
	[
		'/api/data',
		{ query: { filter: ['price:gt:3', 'id:lt:9'], limit: 2 } },
		'/api/data?filter=price%3Agt%3A3&filter=id%3Alt%3A9&limit=2',
	],
	['/api/shelves', { query: { limit: undefined } }, '/api/shelves'],
	['/api/shelves', {}, '/api/shelves'],
] as const)('fills in %s with %j', (template, parts, path) => {
	expect(pathOf(template, parts)).toBe(path);
});

test('joins a base and a path', () => {
	expect([templateOf('/api/shelves', '/'), templateOf('/api/shelves', '/:id')]).toEqual([
		'/api/shelves',
		'/api/shelves/:id',
	]);
});
