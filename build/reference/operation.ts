import { STATUS_CODES } from 'node:http';
import { type Access, isChange, type Operation } from '../../kit/declare/contract.ts';
import type { Declaration } from '../../kit/declare/declare.ts';
import { templateOf } from '../../kit/declare/path.ts';
import { problemRef } from './problems.ts';
import type { Json, Schemas } from './schemas.ts';

/** Returns an operation's path in OpenAPI's notation: `/api/books/{id}`. */
export const openApiPath = (base: string, { path }: Operation): string =>
	templateOf(base, path).replace(/:(\w+)/g, '{$1}');

const security: Readonly<Record<Access, readonly Json[]>> = {
	public: [],
	optional: [{}, { bearer: [] }],
	user: [{ bearer: [] }],
	admin: [{ bearer: [] }],
};

const access: Readonly<Record<Access, string>> = {
	public: '',
	optional: 'Open to anyone; the response can differ for a signed-in user.',
	user: 'Requires a signed-in user.',
	admin: 'Requires an admin.',
};

/** Returns the problem statuses of an operation: the declared ones and those that follow from its contract. */
export function problemsOf(operation: Operation): number[] {
	const { access = 'public', params, query, headers, body, problems = [] } = operation;
	return [
		...new Set([
			...problems,
			...(body ? [400, 413, 415] : []),
			...(params || query ? [400] : []),
			...(params || query || headers || body ? [422] : []),
			...(isChange(operation) ? [412] : []),
			...(access === 'public' ? [] : [401]),
			...(access === 'admin' ? [403] : []),
			503,
		]),
	].sort((a, b) => a - b);
}

export function operationObject(name: string, operation: Operation, declaration: Declaration, schemas: Schemas): Json {
	const { summary, access: who = 'public', body } = operation;
	const also = declaration.aliases.map((alias) => `\`${openApiPath(alias, operation)}\``);
	const description = [access[who], also.length ? `Also at ${also.join(' and ')}.` : ''].filter(Boolean).join(' ');
	const parameters = [...parametersOf(operation, schemas), ...preconditionsOf(operation, declaration)];
	return {
		operationId: name,
		tags: [declaration.name],
		summary,
		...(description ? { description } : {}),
		security: security[who],
		...(parameters.length ? { parameters } : {}),
		...(body ? { requestBody: { required: true, content: jsonContent(schemas, schemas.of(body, 'input')) } } : {}),
		responses: {
			...successOf(operation, declaration, schemas),
			...Object.fromEntries(problemsOf(operation).map((status) => [status, problemRef(status)])),
		},
	};
}

/** Headers that browsers and proxies send automatically. OpenAPI ignores most of them as parameters (3.1, 4.8.12.1). */
const unasked = /^(accept|authorization|content-type|cookie|x-forwarded-\w+)$/;

function parametersOf(operation: Operation, schemas: Schemas): Json[] {
	const places = [
		['params', 'path'],
		['query', 'query'],
		['headers', 'header'],
	] as const;
	return places.flatMap(([part, place]) => {
		const object = operation[part];
		if (!object) return [];
		const { properties = {}, required = [] } = schemas.of(object, 'input') as {
			properties?: Record<string, Json>;
			required?: string[];
		};
		const told = Object.entries(properties).filter(([name]) => place !== 'header' || !unasked.test(name));
		return told.map(([name, { description, examples, ...schema }]) => ({
			name,
			in: place,
			...(place === 'path' || required.includes(name) ? { required: true } : {}),
			...(description ? { description } : {}),
			schema,
			...withExample(schemas.exampleOf(examples ? { examples } : schema)),
		}));
	});
}

/** Returns the header that makes a change conditional, if the resource has an ETag. */
function preconditionsOf(operation: Operation, { api }: Declaration): Json[] {
	const read = Object.values(api?.operations ?? {}).some(
		({ method, path }) => method === 'GET' && path === operation.path,
	);
	if (!read || !isChange(operation)) return [];
	const description =
		'The `ETag` of the version to change, so that nobody else’s change is lost: 412 if there is another version (RFC 9110, 13.1.1).';
	return [{ name: 'if-match', in: 'header', description, schema: { type: 'string' }, example: '*' }];
}

function successOf(operation: Operation, { api }: Declaration, schemas: Schemas): Json {
	const { method, returns, status = returns ? 200 : 204, alternatives = [] } = operation;
	const headers = headersOf(operation, status, Object.values(api?.operations ?? {}));
	const content = {
		...(returns ? jsonContent(schemas, schemas.of(returns, 'output')) : {}),
		...Object.fromEntries(alternatives.map((type) => [type, { schema: { type: 'string' } }])),
	};
	return {
		[status]: {
			description: STATUS_CODES[status],
			...(Object.keys(headers).length ? { headers } : {}),
			...(Object.keys(content).length ? { content } : {}),
		},
		...(method === 'GET' ? { 304: { description: 'Not Modified: the content still matches `If-None-Match`.' } } : {}),
	};
}

function headersOf({ method, path, query, headers }: Operation, status: number, all: readonly Operation[]): Json {
	const created =
		[201, 202].includes(status) &&
		all.some((one) => one.method === 'GET' && one.path === `${path.replace(/\/$/, '')}/:id`);
	const header = (description: string): Json => ({ description, schema: { type: 'string' } });
	return {
		...(method === 'GET'
			? {
					ETag: header('The version of this content; send it back as `If-None-Match`, or as `If-Match` with a change.'),
				}
			: {}),
		...(query?.shape['after'] ? { Link: header('`<…>; rel="next"` if there is another page (RFC 8288).') } : {}),
		...(created ? { Location: header('The address of the new resource, which can appear later.') } : {}),
		...(headers?.shape['prefer'] ? { 'Preference-Applied': header('The applied part of `Prefer` (RFC 7240).') } : {}),
	};
}

const jsonContent = (schemas: Schemas, schema: Json): Json => ({
	'application/json': { schema, ...withExample(schemas.exampleOf(schema)) },
});

const withExample = (example: unknown): Json => (example === undefined ? {} : { example });
