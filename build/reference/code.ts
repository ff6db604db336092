import { functions } from '../../functions/index.ts';
import type { Declaration } from '../../kit/declare/declare.ts';
import { openApiPath, operationObject } from './operation.ts';
import { type Json, Schemas } from './schemas.ts';

interface Parameter {
	readonly name: string;
	readonly in: 'path' | 'query' | 'header';
	readonly required?: true;
	readonly description?: string;
	readonly example?: unknown;
}

/** Returns the declaration as plain JSON: contracts become names, and schemas of settings their descriptions. */
function plain({ api, calls, settings, ...rest }: Declaration): Json {
	return {
		...rest,
		...(api ? { api: api.base } : {}),
		calls: Object.keys(calls),
		settings: Object.fromEntries(Object.entries(settings).map(([name, schema]) => [name, schema.description ?? ''])),
	};
}

/** Returns the operations of a function, each with an example of every parameter and of its body. */
function operationsOf(declaration: Declaration): Json[] {
	const { api } = declaration;
	return Object.entries(api?.operations ?? {}).map(([name, operation]) => {
		const described = operationObject(name, operation, declaration, new Schemas('draft-2020-12'));
		const parameters = (described['parameters'] ?? []) as Parameter[];
		const body = described['requestBody'] as { content: { 'application/json': { example?: unknown } } } | undefined;
		return {
			name,
			method: operation.method,
			path: openApiPath(api?.base ?? '', operation),
			summary: operation.summary,
			access: operation.access ?? 'public',
			parameters: parameters.map(({ name, in: place, required = false, description = null, example = null }) => ({
				...{ name, in: place, required, description, example },
			})),
			body: body?.content['application/json'].example ?? null,
		};
	});
}

/** The declaration and the operations of each function, as the observer shows them. */
export const code = functions.map((declaration) => ({
	name: declaration.name,
	declaration: plain(declaration),
	operations: operationsOf(declaration),
}));
