import specs from '@asyncapi/specs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { attributeOf, catalog, type EventType, eventTypeOf } from '../../eventing/catalog/catalog.ts';
import { functions } from '../../functions/index.ts';
import { sampleShop } from '../../tests/library/library.ts';
import { asyncApi } from './asyncapi.ts';

interface Document {
	readonly channels: { readonly broker: { readonly messages: Readonly<Record<string, { readonly $ref: string }>> } };
	readonly operations: Readonly<
		Record<
			string,
			{ readonly action: string; readonly title: string; readonly messages: readonly { readonly $ref: string }[] }
		>
	>;
	readonly components: {
		readonly messages: Readonly<
			Record<
				string,
				{ readonly name: string; readonly payload: object; readonly examples?: readonly { payload: unknown }[] }
			>
		>;
	};
}

// The shop can have no events; the library has some.
describe.each([
	['the shop', functions],
	['the library', sampleShop],
] as const)('of %s', (_name, shop) => {
	const document = asyncApi(shop, '1.0.0') as unknown as Document;
	const messages = Object.values(document.components.messages);

	test('conforms to the official schema of AsyncAPI 3.0', () => {
		const ajv = new Ajv({ strict: false });
		formats.default(ajv);
		const validate = ajv.compile(specs.schemasWithoutId['3.0.0'] as object);
		validate(document);
		expect(validate.errors).toBeNull();
	});

	test('lists each event type as a message of the Broker’s channel', () => {
		const emitted = shop.flatMap(({ emits }) => emits.map(attributeOf));
		expect(messages.map(({ name }) => name).sort()).toEqual(emitted.sort());
		expect(Object.keys(document.channels.broker.messages)).toEqual(Object.keys(document.components.messages));
	});

	test('has an operation for each declared emitter and reaction', () => {
		const told = Object.values(document.operations).map(({ action, title, messages: [message] }) => {
			const name = message?.$ref.split('/').at(-1) ?? '';
			return `${action} ${title.split(' ')[0]} ${document.components.messages[name]?.name}`;
		});
		const declared = shop.flatMap(({ name, emits, reacts }) => [
			...emits.map((type) => `send ${name} ${attributeOf(type)}`),
			...reacts.map((type) => `receive ${name} ${attributeOf(type)}`),
		]);
		expect(told.sort()).toEqual(declared.sort());
	});

	test.each(messages)('$name has an example that matches its schema', ({ name, payload, examples }) => {
		const example = examples?.[0]?.payload;
		expect(example, 'add one in eventing/catalog/ with .meta({ examples: [...] })').toBeDefined();
		expect(catalog[eventTypeOf(name) as EventType].data.safeParse(example)).toMatchObject({ success: true });
		const ajv = new Ajv({ strict: false });
		formats.default(ajv);
		const validate = ajv.compile({ ...payload, components: document.components });
		validate(example);
		expect(validate.errors).toBeNull();
	});
});

test('names each operation by its function and its event type', () => {
	const { operations } = asyncApi(sampleShop, '1.0.0') as unknown as Document;
	expect(Object.keys(operations)).toContain('shelves-emits-copy-reserved');
	expect(Object.keys(operations)).toContain('shelves-on-loan-requested');
});
