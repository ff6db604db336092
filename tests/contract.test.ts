import { createServer } from 'node:http';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { openApi } from '../build/reference/openapi.ts';
import { functions } from '../functions/index.ts';
import type { Declaration } from '../kit/declare/declare.ts';
import type { Handlers } from '../kit/serve/target-server.ts';
import { allowed, anything, type JsonSchema } from './arbitrary.ts';
import { startStandIns } from './stand-ins.ts';
import { asAdmin, freshDatabase, listen, recordedLog, type Serving, serving } from './testing.ts';

/** The number of requests to each operation. */
const runs = 30;

interface Parameter {
	readonly name: string;
	readonly in: 'path' | 'query' | 'header';
	readonly required?: boolean;
	readonly schema: JsonSchema;
	readonly example?: unknown;
}
interface Described {
	readonly operationId: string;
	readonly tags: readonly string[];
	readonly security: readonly object[];
	readonly parameters?: readonly Parameter[];
	readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: JsonSchema } } };
	readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}
interface Request {
	/** The values of each parameter by place and name, such as `query.limit`; a query parameter can have several. */
	readonly parameters: Readonly<Record<string, readonly string[]>>;
	readonly body: unknown;
	readonly signedIn: boolean;
	readonly accept: string;
}
interface Problem {
	readonly status: number;
	readonly title: string;
	readonly detail: string;
	readonly errors?: readonly { readonly field: string }[];
}

const document = openApi(functions, '1.0.0') as unknown as {
	readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
	readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
};
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);

const places = { path: 'params', query: 'query', header: 'headers' } as const;
const keyOf = ({ in: place, name }: Parameter): string => `${places[place]}.${name}`;

/** Turns a value into texts that fit the place: `.` and `..` would change the path, and a lone surrogate is not UTF-8. */
function carried(value: unknown, place: Parameter['in']): string[] {
	if (place === 'query' && Array.isArray(value)) return value.flatMap((item) => carried(item, place));
	const text = (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed();
	if (place === 'header') return [text.replace(/[^\x21-\x7e\xa1-\xff]/g, '!')];
	return [place === 'path' && /^\.{0,2}$/.test(text) ? '!' : text];
}

/** Generates a value that the schema allows, or, one time in five, any value. */
const mostly = (schema: JsonSchema): fc.Arbitrary<unknown> =>
	fc.oneof({ weight: 4, arbitrary: allowed(schema, document.components.schemas) }, { weight: 1, arbitrary: anything });

function requestTo({ parameters = [], requestBody, security, responses }: Described): fc.Arbitrary<Request> {
	const values = Object.fromEntries(
		parameters.map((parameter) => {
			const { schema, example, in: place } = parameter;
			const known = example === undefined ? schema : { ...schema, examples: [example] };
			return [keyOf(parameter), mostly(known).map((value) => carried(value, place))];
		}),
	);
	const inPath = parameters.filter((parameter) => parameter.in === 'path').map(keyOf);
	const needed = parameters.filter(({ required }) => required).map(keyOf);
	const open = security.length === 0 || security.some((scheme) => Object.keys(scheme).length === 0);
	const types = Object.values(responses).flatMap(({ content = {} }) => Object.keys(content));
	return fc.record({
		parameters: fc.oneof(
			{ weight: 9, arbitrary: fc.record(values, { requiredKeys: needed }) },
			{ weight: 1, arbitrary: fc.record(values, { requiredKeys: inPath }) },
		),
		body: requestBody ? bodyOf(requestBody.content['application/json'].schema) : fc.constant(undefined),
		signedIn: open ? fc.boolean() : fc.constant(true),
		accept: fc.constantFrom('*/*', ...types),
	});
}

/** Generates a body: mostly one that the schema allows, or one with a wrong or missing field. */
function bodyOf(schema: JsonSchema): fc.Arbitrary<unknown> {
	const right = allowed(schema, document.components.schemas);
	const wrong = fc
		.record({ value: right, field: fc.constantFrom(...fieldsOf(schema), 'another'), anything, missing: fc.boolean() })
		.map(({ value, field, anything: any, missing }) => {
			const { [field]: _left, ...rest } = value as Record<string, unknown>;
			return missing ? rest : { ...rest, [field]: any };
		});
	return fc.oneof({ weight: 5, arbitrary: right }, { weight: 4, arbitrary: wrong }, { weight: 1, arbitrary: anything });
}

function fieldsOf({ $ref, properties = {} }: JsonSchema): string[] {
	return $ref ? fieldsOf(document.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {}) : Object.keys(properties);
}

const validators = new Map<JsonSchema, ValidateFunction>();

/** Returns the validator of a schema. It is cached, because compiling takes a hundred times as long as validating. */
function validatorOf(schema: JsonSchema): ValidateFunction {
	const known = validators.get(schema) ?? ajv.compile({ ...schema, components: document.components });
	validators.set(schema, known);
	return known;
}

/** Returns the fields of a request that violate the reference, named as in problem responses. */
function faultsOf({ parameters = [], requestBody }: Described, request: Request): string[] {
	const ofParameters = parameters.flatMap((parameter) => {
		const { schema, required } = parameter;
		const texts = request.parameters[keyOf(parameter)] ?? [];
		if (!texts.length) return required ? [keyOf(parameter)] : [];
		const read = schema.type === 'integer' || schema.type === 'number' ? texts.map(Number) : texts;
		const value = schema.type === 'array' || read.length > 1 ? read : read[0];
		return validatorOf(schema)(value) ? [] : [keyOf(parameter)];
	});
	if (!requestBody) return ofParameters;
	const sent = JSON.parse(JSON.stringify(request.body)) as unknown;
	const validate = validatorOf(requestBody.content['application/json'].schema);
	const errors = validate(sent) ? [] : (validate.errors ?? []);
	return [...ofParameters, ...new Set(errors.map(fieldOf))];
}

const fieldOf = ({ instancePath, params }: ErrorObject): string =>
	['body', instancePath.split('/')[1] ?? (params as { missingProperty?: string }).missingProperty]
		.filter((part) => part !== undefined)
		.join('.');

async function send({ fetch }: Serving, method: string, path: string, request: Request): Promise<Response> {
	const { parameters, body, signedIn, accept } = request;
	const of = (place: string): [string, string][] =>
		Object.entries(parameters).flatMap(([key, values]) =>
			key.startsWith(`${place}.`) ? values.map((value): [string, string] => [key.slice(place.length + 1), value]) : [],
		);
	const filled = of('params').reduce(
		(all, [name, value]) => all.replace(`{${name}}`, () => encodeURIComponent(value)),
		path,
	);
	return fetch(`${filled}?${new URLSearchParams(of('query'))}`, {
		method: method.toUpperCase(),
		headers: { accept, ...(signedIn ? asAdmin : {}), ...Object.fromEntries(of('headers')) },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
}

/** Returns the body of an answer, or an empty text for an event stream, which would not end. */
async function textOf(answer: Response): Promise<string> {
	if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) return answer.text();
	await answer.body?.cancel();
	return '';
}

const outside = await startStandIns();
afterAll(outside.close);

/** Starts a stand-in for the laptop's runner, which `info` asks. Returns the variables that lead to it. */
const runner = async (): Promise<Record<string, string>> => ({
	FUNCTIONS: '[]',
	RUNNER_URL: await listen(createServer((_req, res) => res.end('{}'))),
});

/** Serves a function on a database, together with the functions that it calls. */
async function serve(declaration: Declaration, ownerUrl: string): Promise<Serving> {
	const load = (file: string): Promise<object> => import(`../functions/${declaration.name}/${file}.ts`);
	const handlers: Handlers = {
		http: await load('http'),
		...(declaration.reacts.length ? { events: await load('events') } : {}),
	};
	const called = functions.filter(({ name }) => name in declaration.calls);
	const urls = await Promise.all(called.map(async (fn) => [fn.name, (await serve(fn, ownerUrl)).url] as const));
	const env = {
		...outside.env,
		...(declaration.name === 'info' ? await runner() : {}),
		FUNCTION_URLS: JSON.stringify(Object.fromEntries(urls)),
	};
	return serving(declaration, handlers, { env, ...(declaration.data ? { ownerUrl } : {}) });
}

// The operations of `reference` take no input and return files.
const served = functions.filter(({ name, api }) => api && name !== 'reference');

test.each(served)('$name answers any request as the reference documents it', async (declaration) => {
	recordedLog();
	const to = await serve(declaration, await freshDatabase());
	for (const [path, methods] of Object.entries(document.paths))
		for (const [method, described] of Object.entries(methods)) {
			if (!described.tags.includes(declaration.name)) continue;
			const property = fc.asyncProperty(requestTo(described), async (request) => {
				const answer = await send(to, method, path, request);
				const text = await textOf(answer);
				const found = `${described.operationId} answered ${answer.status} ${text.slice(0, 1000)}`;
				expect(answer.status, found).toBeLessThan(500);
				expect(Object.keys(described.responses), found).toContain(String(answer.status));
				const faults = faultsOf(described, request);
				if (answer.ok) expect(faults, found).toEqual([]);
				else expectProblem(answer, text, faults);
			});
			await fc.assert(property, { numRuns: runs });
		}
});

// Deep enough to overflow the stack of any recursive function.
const deep = '['.repeat(40_000) + ']'.repeat(40_000);

const withBodies = served.filter(({ api }) => Object.values(api?.operations ?? {}).some(({ body }) => body));

test.each(withBodies)('$name rejects a body that is nested 40,000 levels deep', async (declaration) => {
	recordedLog();
	const to = await serve(declaration, await freshDatabase());
	for (const [path, methods] of Object.entries(document.paths))
		for (const [method, { tags, requestBody }] of Object.entries(methods)) {
			if (!tags.includes(declaration.name) || !requestBody) continue;
			for (const field of fieldsOf(requestBody.content['application/json'].schema)) {
				const at = path.replace(/\{\w+\}/g, '1');
				const sent = { method: method.toUpperCase(), headers: asAdmin, body: `{"${field}":${deep}}` };
				const answer = await to.fetch(at, sent);
				expect([method, at, field, answer.status]).toEqual([method, at, field, expect.toSatisfy(isRefusal)]);
			}
		}
});

const isRefusal = (status: number): boolean => status >= 400 && status < 500;

function expectProblem(answer: Response, text: string, faults: readonly string[]): void {
	expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
	const problem = JSON.parse(text) as Problem;
	expect(problem).toMatchObject({ status: answer.status, title: expect.any(String), detail: expect.any(String) });
	if (answer.status !== 422) return;
	const named = problem.errors?.map(({ field }) => field) ?? [];
	// A problem names at most twenty fields.
	if (named.length === 20) return;
	for (const fault of faults)
		expect(
			named.some((field) => `${field}.`.startsWith(`${fault}.`)),
			`${fault}: ${text}`,
		).toBe(true);
}
