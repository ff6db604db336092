import { expect, test } from 'vitest';
import { triggersOf } from '../../eventing/delivery.ts';
import { functions } from '../../functions/index.ts';
import { shop as product } from '../../shop.ts';
import { visit } from './setup/visitor.ts';

test('serves the OpenAPI and AsyncAPI documents and the reference page', async () => {
	const openapi = await visit('gateway', '/api/openapi.json');
	expect([openapi.status, openapi.json.openapi, openapi.json.info.title]).toEqual([200, '3.1.1', product.title]);
	const unchanged = { headers: { 'if-none-match': String(openapi.headers['etag']) } };
	expect((await visit('gateway', '/api/openapi.json', unchanged)).status).toBe(304);
	const { status, json } = await visit('reference', '/api/asyncapi.json');
	expect([status, json.asyncapi]).toEqual([200, '3.0.0']);
	expect(Object.keys(json.operations)).toEqual(expect.arrayContaining(triggersOf(functions).map(({ name }) => name)));

	const page = await visit('gateway', '/api/docs');
	expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
	const parts = [...page.text.matchAll(/(?:src|href)="(\/api\/docs\/[^"]+)"/g)].map(([, path = '']) => path);
	expect(parts.map((path) => path.split('.').at(-1)).sort()).toEqual(['css', 'js', 'js', 'svg']);
	for (const path of parts) {
		const part = await visit('gateway', path);
		expect([path, part.status, part.headers['cache-control']]).toEqual([
			path,
			200,
			expect.stringContaining('immutable'),
		]);
	}
});

test('every path of the reference leads to a function that allows its methods', async () => {
	const { json } = await visit('gateway', '/api/openapi.json');
	// In parallel, because each request can wake a function.
	const answers = Object.entries<object>(json.paths).map(async ([path, operations]) => {
		const there = path.replace(/\{\w+\}/g, '1');
		const { status, headers } = await visit('gateway', there, { method: 'OPTIONS' });
		const lacking = Object.keys(operations)
			.map((method) => method.toUpperCase())
			.filter((method) => !String(headers['allow']).split(', ').includes(method));
		return { path, status, lacking };
	});
	expect(answers.length).toBeGreaterThan(15);
	for (const answer of await Promise.all(answers))
		expect(answer).toEqual({ path: answer.path, status: 204, lacking: [] });
});
