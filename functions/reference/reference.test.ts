import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Serving, serving } from '../../tests/testing.ts';
import reference from './function.ts';
import * as http from './http.ts';

function serveReference(): Promise<Serving> {
	const root = mkdtempSync(join(tmpdir(), 'bodega-reference-'));
	onTestFinished(() => rmSync(root, { recursive: true }));
	const files = {
		'documents/openapi.json': '{"openapi":"3.1.1"}',
		'documents/asyncapi.json': '{"asyncapi":"3.0.0"}',
		'docs/index.html': '<!doctype html><title>Bodega: the API</title>',
		'docs/docs-5XK2Q7AB.js': 'void 0;',
		'function.cjs': 'secret',
	};
	for (const folder of ['documents', 'docs']) mkdirSync(join(root, folder));
	for (const [file, text] of Object.entries(files)) writeFileSync(join(root, file), text);
	return serving(reference, { http }, { env: { REFERENCE_ROOT: root } });
}

test('serves the documents as JSON with an ETag for revalidation', async () => {
	const { fetch } = await serveReference();
	const answer = await fetch('/api/openapi.json');
	expect(await answer.json()).toEqual({ openapi: '3.1.1' });
	expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
	expect(answer.headers.get('access-control-allow-origin')).toBe('*');
	expect(answer.headers.get('cache-control')).toBe('no-cache');
	const headers = { 'if-none-match': answer.headers.get('etag') ?? '' };
	expect((await fetch('/api/openapi.json', { headers })).status).toBe(304);
	expect(await (await fetch('/api/asyncapi.json')).json()).toEqual({ asyncapi: '3.0.0' });
});

test('serves the page and its assets below one path, with a policy that blocks other origins', async () => {
	const { fetch } = await serveReference();
	for (const path of ['/api/docs', '/api/docs/']) {
		const page = await fetch(path);
		expect([path, page.status, await page.text()]).toEqual([path, 200, expect.stringContaining('<title>Bodega')]);
		expect(page.headers.get('content-security-policy')).toContain("script-src 'self'; style-src 'self'");
	}
	const script = await fetch('/api/docs/docs-5XK2Q7AB.js');
	expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
	expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
});

test('answers 404 to any other path and 405 to methods that write', async () => {
	const { fetch } = await serveReference();
	const paths = ['/api', '/api/', '/api/docs-5XK2Q7AB.js', '/api/docsindex.html', '/api/docs/openapi.json'];
	for (const path of [...paths, '/openapi.json', '/api/docs/..%2ffunction.cjs', '/api/function.cjs'])
		expect([path, (await fetch(path)).status]).toEqual([path, 404]);
	const answer = await fetch('/api/openapi.json', { method: 'DELETE' });
	expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
	expect((await fetch('/api/docs', { method: 'HEAD' })).status).toBe(200);
});
