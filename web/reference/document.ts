import { useQuery } from '@tanstack/react-query';
import type { CodeOperation } from '../../functions/info/api.ts';
import { heals } from '../api/query.ts';
import { send } from '../api/send.ts';

/** The used part of a JSON schema. */
export interface Schema {
	readonly $ref?: string;
	readonly type?: string | readonly string[];
	readonly format?: string;
	readonly enum?: readonly unknown[];
	readonly const?: unknown;
	readonly anyOf?: readonly Schema[];
	readonly items?: Schema;
	readonly description?: string;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly required?: readonly string[];
}

interface Media {
	readonly schema?: Schema;
	readonly example?: unknown;
}

/** The used part of an OpenAPI operation. */
export interface Operation {
	readonly operationId: string;
	readonly tags: readonly string[];
	readonly summary: string;
	readonly description: string;
	readonly parameters?: readonly (Pick<CodeOperation['parameters'][number], 'name' | 'in'> & {
		readonly required?: boolean;
		readonly description?: string;
		readonly example?: unknown;
		readonly schema: Schema;
	})[];
	readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
	readonly responses: Readonly<
		Record<string, { readonly $ref?: string; readonly description?: string; readonly content?: Record<string, Media> }>
	>;
}

/** The used part of the OpenAPI document. */
export interface Document {
	readonly tags: readonly { readonly name: string; readonly description: string }[];
	readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
	readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** An operation with its method and path. */
export interface Listed {
	readonly method: CodeOperation['method'];
	readonly path: string;
	readonly operation: Operation;
}

/** Follows the OpenAPI document, which the function `reference` serves. */
export const useDocument = () =>
	useQuery({
		queryKey: ['GET /api/openapi.json'],
		queryFn: async ({ signal }) => (await send({ method: 'GET', path: '/api/openapi.json', signal })).body as Document,
		refetchInterval: ({ state }) => heals(state.error),
	});

export const operationsOf = ({ paths }: Document): Listed[] =>
	Object.entries(paths).flatMap(([path, operations]) =>
		Object.entries(operations).map(([method, operation]) => ({
			method: method.toUpperCase() as Listed['method'],
			path,
			operation,
		})),
	);

const nameOf = (ref: string): string => ref.split('/').at(-1) ?? ref;

/** Returns the named schema that a schema refers to, or the schema itself. */
export const resolved = (schema: Schema, { components }: Document): Schema =>
	schema.$ref === undefined ? schema : (components.schemas[nameOf(schema.$ref)] ?? {});

/** Returns the type of a schema in a few characters: `string`, `Order[]`, `"user" | "admin"`. */
export function typeOf(schema: Schema): string {
	if (schema.$ref !== undefined) return nameOf(schema.$ref);
	if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(' | ');
	if (schema.const !== undefined) return JSON.stringify(schema.const);
	if (schema.anyOf) return schema.anyOf.map(typeOf).join(' | ');
	if (schema.items) return `${typeOf(schema.items)}[]`;
	const type = [schema.type ?? 'any'].flat().join(' | ');
	return schema.format === undefined ? type : `${type} (${schema.format})`;
}

/** Returns an operation as the form that tries it needs it. */
export const triedOf = ({ method, path, operation }: Listed): Omit<CodeOperation, 'access'> => ({
	...{ name: operation.operationId, method, path, summary: operation.summary },
	parameters: (operation.parameters ?? []).map(
		({ name, in: place, required = false, description = null, example = null }) => ({
			...{ name, in: place, required, description, example },
		}),
	),
	body: operation.requestBody?.content['application/json']?.example ?? null,
});
