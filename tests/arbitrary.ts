import fc from 'fast-check';

/** The part of JSON Schema that the contracts use. */
export interface JsonSchema {
	readonly $ref?: string;
	readonly const?: unknown;
	readonly enum?: readonly unknown[];
	readonly anyOf?: readonly JsonSchema[];
	readonly type?: string | readonly string[];
	readonly examples?: readonly unknown[];
	readonly minimum?: number;
	readonly maximum?: number;
	readonly minLength?: number;
	readonly maxLength?: number;
	readonly pattern?: string;
	readonly multipleOf?: number;
	readonly format?: string;
	readonly prefixItems?: readonly JsonSchema[];
	readonly items?: JsonSchema;
	readonly minItems?: number;
	readonly properties?: Readonly<Record<string, JsonSchema>>;
	readonly required?: readonly string[];
}

/** Texts that often break code that handles SQL, UTF-8, URLs or objects. */
const awkward = [
	'\u0000',
	'\ud800',
	"'; drop table books; --",
	'%',
	'%00',
	'\\',
	'"',
	'__proto__',
	'null',
	'-0',
	'1e999',
];

const text = (minLength = 0, maxLength = 40): fc.Arbitrary<string> => {
	const fitting = awkward.filter(({ length }) => length >= minLength && length <= maxLength);
	const any = fc.string({ unit: 'binary', minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)) });
	return fc.oneof(fc.string({ minLength, maxLength }), any, fitting.length ? fc.constantFrom(...fitting) : any);
};

const formats: Readonly<Record<string, fc.Arbitrary<string>>> = {
	uuid: fc.uuid(),
	email: fc.emailAddress(),
	date: fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
	'date-time': fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
};

/** Generates texts that match. Filters if the pattern only excludes some characters, because that finds more kinds. */
const matching = (pattern: RegExp, { minLength, maxLength }: JsonSchema): fc.Arbitrary<string> =>
	/^\^\[\^[^\]]+\][*]/.test(pattern.source)
		? text(minLength, maxLength).filter((each) => pattern.test(each))
		: fc.stringMatching(pattern, { maxLength: Math.min(maxLength ?? 100, 100) });

/** Generates values that a schema mostly allows: combinations with `not`, `required` and `oneOf` are left to chance; `named` are the schemas that it can refer to. */
export function allowed(schema: JsonSchema, named: Readonly<Record<string, JsonSchema>>): fc.Arbitrary<unknown> {
	const { $ref, type, examples = [], minimum, maximum } = schema;
	const within = (other: JsonSchema): fc.Arbitrary<unknown> => allowed(other, named);
	if ($ref) return within(named[$ref.split('/').at(-1) ?? ''] ?? {});
	if ('const' in schema) return fc.constant(schema.const);
	if (schema.enum) return fc.constantFrom(...schema.enum);
	if (schema.anyOf && !type) return fc.oneof(...schema.anyOf.map(within));
	if (Array.isArray(type)) return fc.oneof(...type.map((one: string) => within({ ...schema, type: one })));
	const made = (): fc.Arbitrary<unknown> => {
		switch (type) {
			case 'integer':
				return fc.integer({
					min: minimum ?? Number.MIN_SAFE_INTEGER,
					max: maximum ?? Number.MAX_SAFE_INTEGER,
				});
			case 'number':
				if (schema.multipleOf === 0.01)
					return fc
						.integer({ min: (minimum ?? 0) * 100, max: Math.round((maximum ?? 1) * 100) })
						.map((cents) => cents / 100);
				return fc.double({ noNaN: true, min: minimum ?? -Number.MAX_VALUE, max: maximum ?? Number.MAX_VALUE });
			case 'string':
				if (schema.format) return formats[schema.format] ?? text();
				if (schema.pattern) return matching(new RegExp(schema.pattern, 'u'), schema);
				return text(schema.minLength, schema.maxLength);
			case 'boolean':
				return fc.boolean();
			case 'null':
				return fc.constant(null);
			case 'array':
				return fc
					.tuple(
						fc.tuple(...(schema.prefixItems ?? []).map(within)),
						fc.array(within(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: 10 }),
					)
					.map((parts) => parts.flat());
			case 'object': {
				const { properties = {}, required = [] } = schema;
				const fields = Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, within(each)]));
				return fc.record(fields, { requiredKeys: [...required] });
			}
			default:
				return fc.jsonValue();
		}
	};
	// Examples find existing records, such as the first book.
	return examples.length ? fc.oneof(fc.constantFrom(...examples), made()) : made();
}

/** Generates any JSON value, with a preference for nearly valid ones. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
	fc.constantFrom<unknown>(null, true, '', ' ', 0, -1, 1.5, 2 ** 31, 2 ** 53, 1e308, [], {}, ['1'], { id: 1 }),
	fc.constantFrom(...awkward, 'x'.repeat(300), 'one', '1.005', '0x1', '²'),
	fc.jsonValue(),
);
