import { expect, test } from 'vitest';
import { type Document, operationsOf, resolved, triedOf, typeOf } from './document.ts';

const document: Document = {
	tags: [{ name: 'gifts', description: 'Sells gifts.' }],
	paths: {
		'/api/gifts/{id}': {
			put: {
				operationId: 'replaceGift',
				tags: ['gifts'],
				summary: 'Replaces a gift',
				description: '',
				parameters: [{ name: 'id', in: 'path', required: true, example: 7, schema: { type: 'integer' } }],
				requestBody: { content: { 'application/json': { example: { title: 'A kite' } } } },
				responses: {},
			},
		},
	},
	components: { schemas: { Gift: { type: 'object', properties: { title: { type: 'string' } } } } },
};

test('an operation of the document can be tried with its examples', () => {
	const [listed] = operationsOf(document);
	expect(listed && triedOf(listed)).toEqual({
		...{ name: 'replaceGift', method: 'PUT', path: '/api/gifts/{id}', summary: 'Replaces a gift' },
		parameters: [{ name: 'id', in: 'path', required: true, description: null, example: 7 }],
		body: { title: 'A kite' },
	});
});

test.each([
	[{ type: 'string', format: 'uuid' }, 'string (uuid)'],
	[{ type: 'array', items: { $ref: '#/components/schemas/Gift' } }, 'Gift[]'],
	[{ enum: ['user', 'admin'] }, '"user" | "admin"'],
	[{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
	[{ type: ['integer', 'null'] }, 'integer | null'],
	[{}, 'any'],
])('writes the type of %j as %s', (schema, type) => {
	expect(typeOf(schema)).toBe(type);
});

test('finds a named schema', () => {
	expect(resolved({ $ref: '#/components/schemas/Gift' }, document)).toBe(document.components.schemas['Gift']);
});
