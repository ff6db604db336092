import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { functions } from '../functions/index.ts';
import type { JsonSchema } from './arbitrary.ts';
import { type Described, document, fieldsOf, keyOf, type Request, requestTo, send, serve } from './described.ts';
import { startStandIns } from './stand-ins.ts';
import { asAdmin, freshDatabase, recordedLog } from './testing.ts';

/** The number of requests to each operation. */
const runs = 30;

interface Problem {
	readonly status: number;
	readonly title: string;
	readonly detail: string;
	readonly errors?: readonly { readonly field: string }[];
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);

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

/** Returns the body of an answer, or an empty text for an event stream, which would not end. */
async function textOf(answer: Response): Promise<string> {
	if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) return answer.text();
	await answer.body?.cancel();
	return '';
}

const outside = await startStandIns();
afterAll(outside.close);

// The operations of `reference` take no input and return files.
const served = functions.filter(({ name, api }) => api && name !== 'reference');

test.each(served)('$name answers any request as the reference documents it', async (declaration) => {
	recordedLog();
	const to = await serve(declaration, await freshDatabase(), outside.env);
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
	const to = await serve(declaration, await freshDatabase(), outside.env);
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
