import { expect, test } from 'vitest';
import type { CodeOperation } from '../../../functions/info/api.ts';
import { examplesOf, requestOf } from './attempt.ts';

const parameter = (name: string, place: 'path' | 'query' | 'header', required: boolean, example: unknown) => ({
	...{ name, in: place, required, example },
	description: null,
});

const operation: CodeOperation = {
	name: 'lend',
	method: 'POST',
	path: '/api/shelves/{id}/loans',
	summary: 'Lends a title',
	access: 'public',
	parameters: [
		parameter('id', 'path', true, 7),
		parameter('days', 'query', true, '14'),
		parameter('branch', 'query', false, 'north'),
		parameter('if-match', 'header', false, '*'),
	],
	body: { reader: 'Ada' },
};

test('begins with examples of what is required, and sends no empty parameter', () => {
	const typed = examplesOf(operation);
	expect(typed).toEqual({
		parameters: { 'path.id': '7', 'query.days': '14', 'query.branch': '', 'header.if-match': '' },
		body: '{\n  "reader": "Ada"\n}',
	});
	expect(requestOf(operation, typed)).toEqual({ path: '/api/shelves/7/loans?days=14', headers: {} });
});

test('encodes what the visitor types', () => {
	const parameters = { 'path.id': 'a/b?', 'query.days': '1&2', 'query.branch': 'é', 'header.if-match': '"7"' };
	expect(requestOf(operation, { parameters, body: '' })).toEqual({
		path: '/api/shelves/a%2Fb%3F/loans?days=1%262&branch=%C3%A9',
		headers: { 'if-match': '"7"' },
	});
});
