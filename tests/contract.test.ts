import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { functions } from '../functions/index.ts';
import type { JsonSchema } from './arbitrary.ts';
import { type Described, document, fieldsOf, keyOf, type Request, requestTo, send, serve } from './described.ts';
import { startStandIns } from './stand-ins.ts';
import { asAdmin, freshDatabase, recordedLog } from './testing.ts';

/** The number of requests to each operation. The seed is fixed, so that a commit that passes once always passes. */
const sampling = { numRuns: 30, seed: 1 };

interface Problem {
	readonly status: number;
	readonly title: string;
	readonly detail: string;
	readonly errors?: readonly { readonly field: string }[];
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
// Ajv divides binary fractions: 0.07 is no multiple of 0.01 then, and with a tolerance 5e-324 is one.
ajv.removeKeyword('multipleOf');
ajv.addKeyword({
	keyword: 'multipleOf',
	type: 'number',
	validate: (step: number, value: number) => Number(value.toFixed(-Math.log10(step))) === value,
});

const validators = new Map<JsonSchema, ValidateFunction>();

/** Returns the validator of a schema. It is cached, because compiling takes a hundred times as long as validating. */
function validatorOf(schema: JsonSchema): ValidateFunction {
	const known = validators.get(schema) ?? ajv.compile({ ...schema, components: document.components });
	validators.set(schema, known);
	return known;
}

/** How a path or a query has numbers. Any other text stays one, which no schema of a number allows. */
const numerals: Readonly<Record<string, RegExp>> = {
	integer: /^(0|-?[1-9]\d*)$/,
	number: /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i,
};
const read = (text: string, { type }: JsonSchema): unknown =>
	numerals[String(type)]?.test(text) ? Number(text) : text;

/** The reasons of a 422 for a request that fits its schemas. They depend on stored data, or on several values together. */
const beyondSchemas = [
	'This Idempotency-Key was used for a different',
	'the table has no readable column',
	'not a cursor in this order',
	'does not exist any more; start again without',
	'Cannot read the rows: query: ',
	'overflows',
	'expected each book in one line only',
	'expected at least two values in a sample',
	'The drill does not fit its kind',
	// Few validators can read a pattern of such a character.
	'half of a surrogate pair',
	// A number in a string.
	'expected a number from -1.7976931348623157e',
	'expected zero, or a number of at least',
];

/** Returns the fields of a request that violate the reference, named as in problem responses. */
function faultsOf({ parameters = [], requestBody }: Described, request: Request): string[] {
	const ofParameters = parameters.flatMap((parameter) => {
		const { schema, required } = parameter;
		const texts = request.parameters[keyOf(parameter)] ?? [];
		if (!texts.length) return required ? [keyOf(parameter)] : [];
		const values = texts.map((text) => read(text, schema.items ?? schema));
		const value = schema.type === 'array' || values.length > 1 ? values : values[0];
		return validatorOf(schema)(value) ? [] : [keyOf(parameter)];
	});
	if (!requestBody) return ofParameters;
	if (request.body === undefined) return [...ofParameters, 'body'];
	const sent = JSON.parse(JSON.stringify(request.body)) as unknown;
	const validate = validatorOf(requestBody.content['application/json'].schema);
	const errors = validate(sent) ? [] : (validate.errors ?? []);
	return [...ofParameters, ...new Set(errors.map(fieldOf))];
}

/** A combination of fields, as in "a and b, or numbers", is a fault of the body. */
const fieldOf = ({ instancePath, schemaPath, params }: ErrorObject): string => {
	const missing = /\/(anyOf|oneOf|not)\b/.test(schemaPath)
		? undefined
		: (params as { missingProperty?: string }).missingProperty;
	return ['body', instancePath.split('/')[1] ?? missing].filter((part) => part !== undefined).join('.');
};

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
				// The framework parses the body first.
				if (described.security.length === 1 && request.caller === 'anonymous')
					expect([400, 401]).toContain(answer.status);
				if (answer.ok) {
					expect(faults, found).toEqual([]);
					expect(request.parameters['headers.if-match'] ?? ['*'], found).toEqual(['*']);
					expectDocumented(answer, text, described);
				} else expectProblem(answer, text, faults);
				if (answer.status === 422 && !faults.length)
					expect(text).toMatch(new RegExp(beyondSchemas.map((reason) => `(${reason})`).join('|')));
			});
			await fc.assert(property, sampling);
		}
});

test.each(served)('$name allows exactly the documented methods at each path', async (declaration) => {
	const to = await serve(declaration, await freshDatabase(), outside.env);
	for (const [path, methods] of Object.entries(document.paths)) {
		if (!Object.values(methods).some(({ tags }) => tags.includes(declaration.name))) continue;
		const at = path.replace(/\{\w+\}/g, '1');
		const documented = [...Object.keys(methods).map((method) => method.toUpperCase()), 'OPTIONS'];
		const wanted = documented.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).sort();
		const allowedBy = (answer: Response): string[] => (answer.headers.get('allow') ?? '').split(', ').sort();
		const options = await to.fetch(at, { method: 'OPTIONS' });
		expect([path, options.status, allowedBy(options)]).toEqual([path, 204, wanted]);
		for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'QUERY'].filter((each) => !wanted.includes(each))) {
			const answer = await to.fetch(at, { method });
			expect([path, method, answer.status, allowedBy(answer)]).toEqual([path, method, 405, wanted]);
		}
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

function expectDocumented(answer: Response, text: string, { responses }: Described): void {
	const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
	const content = responses[answer.status]?.content ?? {};
	expect(Object.keys(content)).toEqual(text || type === 'text/event-stream' ? expect.arrayContaining([type]) : []);
	const schema = content[type]?.schema;
	if (type !== 'application/json' || !schema) return;
	const validate = validatorOf(schema);
	expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
}

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
