import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { onTestFinished } from 'vitest';
import type * as z from 'zod';
import { openApi } from '../build/reference/openapi.ts';
import { functions } from '../functions/index.ts';
import { FunctionCode } from '../functions/info/detail.ts';
import type { Declaration } from '../kit/declare/declare.ts';
import type { Handlers } from '../kit/serve/target-server.ts';
import { allowed, anything, type JsonSchema } from './arbitrary.ts';
import { asAdmin, asUser, listen, type Serving, serving } from './testing.ts';

export interface Parameter {
	readonly name: string;
	readonly in: 'path' | 'query' | 'header';
	readonly required?: boolean;
	readonly schema: JsonSchema;
	readonly example?: unknown;
}
export interface Described {
	readonly operationId: string;
	readonly tags: readonly string[];
	readonly security: readonly object[];
	readonly parameters?: readonly Parameter[];
	readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: JsonSchema } } };
	readonly responses: Readonly<
		Record<string, { readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>> }>
	>;
}
export interface Request {
	/** The values of each parameter by place and name, such as `query.limit`; a query parameter can have several. */
	readonly parameters: Readonly<Record<string, readonly string[]>>;
	readonly body: unknown;
	readonly caller: keyof typeof callers;
	readonly accept: string;
}
export const document = openApi(functions, '1.0.0') as unknown as {
	readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
	readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
};
export const callers = { anonymous: {}, user: asUser(), admin: asAdmin };
const places = { path: 'params', query: 'query', header: 'headers' } as const;
export const keyOf = ({ in: place, name }: Parameter): string => `${places[place]}.${name}`;

/** Turns a value into texts that fit the place: `.` and `..` would change the path, and a lone surrogate is not UTF-8. */
function carried(value: unknown, place: Parameter['in']): string[] {
	if (place === 'query' && Array.isArray(value)) return value.flatMap((item) => carried(item, place));
	const text = (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed();
	if (place === 'header') return [text.replace(/[^\x21-\x7e\xa1-\xff]/g, '!')];
	return [place === 'path' && /^\.{0,2}$/.test(text) ? '!' : text];
}

const right = (schema: JsonSchema): fc.Arbitrary<unknown> => allowed(schema, document.components.schemas);

/** Generates a value that the schema allows, or, one time in five, any value. */
const mostly = (schema: JsonSchema): fc.Arbitrary<unknown> =>
	fc.oneof({ weight: 4, arbitrary: right(schema) }, { weight: 1, arbitrary: anything });

export function requestTo({ parameters = [], requestBody, responses }: Described): fc.Arbitrary<Request> {
	const values = Object.fromEntries(
		parameters.map((parameter) => {
			const { schema, example, in: place } = parameter;
			const known = example === undefined ? schema : { ...schema, examples: [example] };
			return [keyOf(parameter), mostly(known).map((value) => carried(value, place))];
		}),
	);
	const inPath = parameters.filter((parameter) => parameter.in === 'path').map(keyOf);
	const needed = parameters.filter(({ required }) => required).map(keyOf);
	const types = Object.values(responses).flatMap(({ content = {} }) => Object.keys(content));
	return fc.record({
		parameters: fc.oneof(
			{ weight: 9, arbitrary: fc.record(values, { requiredKeys: needed }) },
			{ weight: 1, arbitrary: fc.record(values, { requiredKeys: inPath }) },
		),
		body: requestBody ? bodyOf(requestBody.content['application/json'].schema) : fc.constant(undefined),
		// Mostly an admin, who gets beyond the check of access everywhere.
		caller: fc.constantFrom('admin', 'admin', 'admin', 'user', 'anonymous'),
		accept: fc.constantFrom('*/*', ...types),
	});
}

/** Generates a request with what the reference requires and nothing else. */
export function validRequestTo({ parameters = [], requestBody }: Described): fc.Arbitrary<Request> {
	const values = Object.fromEntries(
		parameters
			.filter(({ required }) => required)
			.map((parameter) => {
				const { schema, example, in: place } = parameter;
				const value = example === undefined ? right(schema) : fc.constant(example);
				return [keyOf(parameter), value.map((each) => carried(each, place))];
			}),
	);
	const body = requestBody ? right(requestBody.content['application/json'].schema) : fc.constant(undefined);
	return fc.record({
		parameters: fc.record(values),
		body,
		caller: fc.constant('anonymous'),
		accept: fc.constant('*/*'),
	});
}

/** Generates a body: mostly one that the schema allows, or one with a wrong or missing field. */
function bodyOf(schema: JsonSchema): fc.Arbitrary<unknown> {
	const wrong = fc
		.record({
			value: right(schema),
			field: fc.constantFrom(...fieldsOf(schema), 'another'),
			anything,
			missing: fc.boolean(),
		})
		.map(({ value, field, anything: any, missing }) => {
			const { [field]: _left, ...rest } = value as Record<string, unknown>;
			return missing ? rest : { ...rest, [field]: any };
		});
	return fc.oneof(
		{ weight: 5, arbitrary: right(schema) },
		{ weight: 4, arbitrary: wrong },
		{ weight: 1, arbitrary: fc.oneof(anything, fc.constant(undefined)) },
	);
}

export function fieldsOf({ $ref, properties = {} }: JsonSchema): string[] {
	return $ref ? fieldsOf(document.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {}) : Object.keys(properties);
}

/** Sends a request to an operation, with these headers in addition. */
export async function send(
	{ fetch }: Serving,
	method: string,
	path: string,
	request: Request,
	headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
	const { parameters, body, caller, accept } = request;
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
		headers: { accept, ...callers[caller], ...Object.fromEntries(of('headers')), ...headers },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
}

/** Starts a stand-in for the laptop's runner, which `info` asks about its only function. Returns the variables that lead to it. */
async function runner(): Promise<Record<string, string>> {
	const limits = { idle: 3_600, concurrency: 1_000, max: 2 };
	const scaling = { idle: 30, concurrency: 20, max: 2, limits };
	const line = { number: 1, time: '2026-01-05T09:00:00.000Z', source: 'books', text: '{"message":"request"}' };
	const server = createServer((req, res) => {
		const answer = req.method === 'PUT' ? scaling : req.url?.startsWith('/lines') ? [line] : {};
		res.end(JSON.stringify(answer));
	});
	const shape = {
		...{ name: 'books', purpose: 'Sells.', path: '/api/books', data: true, schedule: null, dead_letters: false },
		...{ calls: [], emits: [], reacts: [], wakes: [], targets: [{ name: 'books', signature: 'http' }] },
	};
	const root = mkdtempSync(join(tmpdir(), 'bodega-code-'));
	onTestFinished(() => rmSync(root, { recursive: true }));
	mkdirSync(join(root, 'code'));
	const [code] = (FunctionCode.meta()?.['examples'] ?? []) as z.output<typeof FunctionCode>[];
	writeFileSync(join(root, 'code', 'books.json'), JSON.stringify(code));
	writeFileSync(join(root, 'code', 'books.sources.json'), JSON.stringify(code?.files));
	return { FUNCTIONS: JSON.stringify([shape]), RUNNER_URL: await listen(server), CODE_ROOT: root };
}

/** Serves a function on a database, together with the functions that it calls. `outside` leads to the stand-ins. */
export async function serve(
	declaration: Declaration,
	ownerUrl: string,
	outside: Readonly<Record<string, string>>,
): Promise<Serving> {
	const load = (file: string): Promise<object> => import(`../functions/${declaration.name}/${file}.ts`);
	const handlers: Handlers = {
		http: await load('http'),
		...(declaration.reacts.length ? { events: await load('events') } : {}),
	};
	const called = functions.filter(({ name }) => name in declaration.calls);
	const urls = await Promise.all(
		called.map(async (fn) => [fn.name, (await serve(fn, ownerUrl, outside)).url] as const),
	);
	const env = {
		...outside,
		...(declaration.name === 'info' ? await runner() : {}),
		FUNCTION_URLS: JSON.stringify(Object.fromEntries(urls)),
	};
	return serving(declaration, handlers, { env, ...(declaration.data ? { ownerUrl } : {}) });
}
