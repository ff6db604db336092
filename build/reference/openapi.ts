import type { Declaration } from '../../kit/declare/declare.ts';
import { shop } from '../../shop.ts';
import { openApiPath, operationObject, problemsOf } from './operation.ts';
import { problemResponses, problemSchema } from './problems.ts';
import { type Json, Schemas } from './schemas.ts';

const description = `
The requests and responses of the shop's functions, all under one origin. Each function also has its own Knative route.

- Bodies are JSON. Money is a decimal string, times are ISO 8601 in UTC, lists come in pages of \`limit\`.
- Every error is a problem (\`application/problem+json\`, RFC 9457) whose \`detail\` gives the remedy.
- Other methods get 405 with \`Allow\`. \`HEAD\` works like \`GET\` without the body. A trailing slash is ignored.
- The events that the functions exchange are in [asyncapi.json](/api/asyncapi.json).
`.trim();

/** Returns the OpenAPI 3.1 document of some functions, built from their contracts. */
export function openApi(functions: readonly Declaration[], version: string): Json {
	const schemas = new Schemas('draft-2020-12');
	const paths: Record<string, Record<string, Json>> = {};
	const statuses = new Set<number>();
	const served = functions.filter(({ api }) => api);
	for (const declaration of served)
		for (const [name, operation] of Object.entries(declaration.api?.operations ?? {})) {
			const path = openApiPath(declaration.api?.base ?? '', operation);
			paths[path] = {
				...paths[path],
				[operation.method.toLowerCase()]: operationObject(name, operation, declaration, schemas),
			};
			for (const status of problemsOf(operation)) statuses.add(status);
		}
	return {
		openapi: '3.1.1',
		info: {
			title: shop.title,
			version,
			summary: 'An online shop made of serverless functions',
			description,
			license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
		},
		tags: served.map(({ name, purpose }) => ({ name, description: purpose })),
		paths,
		components: {
			schemas: { ...schemas.named, Problem: problemSchema },
			responses: problemResponses(statuses),
			securitySchemes: {
				bearer: {
					type: 'http',
					scheme: 'bearer',
					bearerFormat: 'JWT',
					description: `The \`access_token\` in the response to signing in with \`POST ${shop.signIn}\`.`,
				},
			},
		},
	};
}
