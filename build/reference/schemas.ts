import * as z from 'zod';
import { unstorable } from '../../kit/fields/text.ts';

export type Json = Readonly<Record<string, unknown>>;

/** The version of JSON Schema: draft-2020-12 for OpenAPI 3.1, draft-07 for AsyncAPI 3.0. */
type Draft = 'draft-2020-12' | 'draft-07';

/** The schemas of one document. A schema with an `id` is written once and referenced. */
export class Schemas {
	readonly named: Record<string, Json> = {};
	readonly #draft: Draft;

	constructor(draft: Draft) {
		this.#draft = draft;
	}

	/**
	 * Returns the JSON Schema of a contract's input (before defaults are applied) or output.
	 * @throws {Error} when two different schemas have the same name
	 */
	of(schema: z.ZodType, io: 'input' | 'output'): Json {
		const converted = z.toJSONSchema(schema, { io, target: this.#draft, override: (node) => tidy(node, io) });
		const text = JSON.stringify(converted).replace(/"#\/(\$defs|definitions)\//g, '"#/components/schemas/');
		const { $schema, $defs, definitions, ...rest } = JSON.parse(text) as Record<string, Json>;
		for (const [name, definition] of Object.entries($defs ?? definitions ?? {})) {
			const known = this.named[name] ?? definition;
			if (JSON.stringify(known) !== JSON.stringify(definition))
				throw new Error(`two schemas are named "${name}" but differ: give one of them another id`);
			this.named[name] = definition as Json;
		}
		return rest;
	}

	/** Returns the schema's first example, its constant, or a list with the example of its items. */
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
 * Tidies a schema. Removes facts that only zod needs: readers have the format, and responses can gain fields. Adds the
 * examples and defaults of transformed types: zod takes them for values of the output, but here they are values of the input.
 */
function tidy(
	{ zodSchema, jsonSchema: json }: { zodSchema: z.core.$ZodType; jsonSchema: z.core.JSONSchema.BaseSchema },
	io: 'input' | 'output',
) {
	const { examples } = z.globalRegistry.get(zodSchema) ?? {};
	if (Array.isArray(examples)) json.examples = examples;
	if (io === 'input' && zodSchema instanceof z.ZodDefault) json.default = zodSchema.def.defaultValue;
	if (json.format || (json.type !== undefined && json.type !== 'string')) delete json.pattern;
	else if (io === 'input' && json.type === 'string' && !json.enum && !('const' in json))
		// The kit rejects any other character in any text.
		json.pattern ??= `^[^${unstorable}]*$`;
	if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
	if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
	if (json.additionalProperties === false) delete json.additionalProperties;
}
