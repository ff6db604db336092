import * as z from 'zod';

/** A part of a document, as JSON. */
export type Json = Readonly<Record<string, unknown>>;

/** JSON Schema as OpenAPI 3.1 has it, and as AsyncAPI 3.0 has it. */
export type Draft = 'draft-2020-12' | 'draft-07';

/** The schemas of one document: those that were given an `id` are written once, and referred to. */
export class Schemas {
	readonly named: Record<string, Json> = {};
	readonly #draft: Draft;

	constructor(draft: Draft) {
		this.#draft = draft;
	}

	/**
	 * The JSON Schema of what a contract takes (`input`: before defaults are filled in) or answers with (`output`).
	 * @throws {Error} when one name is given to two shapes
	 */
	of(schema: z.ZodType, io: 'input' | 'output'): Json {
		const converted = z.toJSONSchema(schema, {
			io,
			target: this.#draft,
			override: tidy,
		});
		const text = JSON.stringify(converted).replace(/"#\/(\$defs|definitions)\//g, '"#/components/schemas/');
		const { $schema, $defs, definitions, ...rest } = JSON.parse(text) as Record<string, Json>;
		for (const [name, definition] of Object.entries($defs ?? definitions ?? {})) {
			const known = this.named[name] ?? definition;
			if (JSON.stringify(known) !== JSON.stringify(definition))
				throw new Error(`two schemas are named "${name}", and they differ: give one of them another id`);
			this.named[name] = definition as Json;
		}
		return rest;
	}

	/** The first example that a schema gives of itself, or the one thing it allows, or a list with the one of its items. */
	exampleOf(schema: Json): unknown {
		const { examples, items, $ref } = schema as { examples?: unknown[]; items?: Json; $ref?: string };
		if (examples) return examples[0];
		if ('const' in schema) return schema['const'];
		if ($ref) return this.exampleOf(this.named[$ref.slice('#/components/schemas/'.length)] ?? {});
		const item = items && this.exampleOf(items);
		return item === undefined ? undefined : [item];
	}
}

/**
 * Takes out what only zod needs to say: readers have the format, and a list of fields that may grow. Puts in the examples
 * of what is transformed once it is read, which zod takes for examples of what comes of it: here they are of what is sent.
 */
function tidy({
	zodSchema,
	jsonSchema: json,
}: {
	zodSchema: z.core.$ZodType;
	jsonSchema: z.core.JSONSchema.BaseSchema;
}) {
	const { examples } = z.globalRegistry.get(zodSchema) ?? {};
	if (Array.isArray(examples)) json.examples = examples;
	if (json.format) delete json.pattern;
	if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
	if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
	if (json.additionalProperties === false) delete json.additionalProperties;
}
