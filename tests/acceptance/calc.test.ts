import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { post, visit } from './setup/visitor.ts';

test('calculates in exact decimals, to the last digit', async () => {
	expect((await visit('gateway', '/api/calc/add?a=0.1&b=0.2')).json).toEqual({ result: 0.3 });
	// Compares the raw text, because JSON.parse would round these numbers.
	const large = await post('/api/calc/add', '{"a": 9007199254740993, "b": 1}');
	expect([large.status, large.text]).toEqual([200, '{"result":9007199254740994}']);
	expect((await post('/api/calc/subtract', { numbers: [10, 1, 2.5] })).json).toEqual({ result: 6.5 });
	expect((await visit('calc', '/api/calc/multiply?a=-1.1&b=1.1')).json).toEqual({ result: -1.21 });
	expect((await visit('calc', '/api/calc/divide?a=1&b=3')).text).toBe(`{"result":0.${'3'.repeat(34)}}`);
});

test('answers 422 to input that cannot be calculated, and names the field', async () => {
	const named = [
		['/api/calc/divide?a=1&b=0', 'query.b'],
		['/api/calc/add?a=1&b=two', 'query.b'],
		['/api/calc/add?a=1&b=1e999', 'query.b'],
	];
	for (const [path = '', field] of named) {
		const answer = await visit('gateway', path);
		expect([path, answer.status, answer.json.errors?.[0].field]).toEqual([path, 422, field]);
	}
	const overflow = await visit('gateway', '/api/calc/multiply?a=1e200&b=1e200');
	expect([overflow.status, overflow.json.detail]).toEqual([422, expect.stringContaining('overflows')]);
});

test('the demonstration changes words that an answer contains', async () => {
	const root = join(import.meta.dirname, '..', '..');
	const demonstration = readFileSync(join(root, 'docs', 'demonstration.md'), 'utf8');
	const [, words = '', file = ''] = /^\$ sed -i 's\/(.*?)\/.*?\/' (\S+)$/m.exec(demonstration) ?? [];
	const [, path = ''] = /curl -s 'localhost:8080(\/api\/calc\/.*?)'/.exec(demonstration) ?? [];
	expect(readFileSync(join(root, file), 'utf8')).toContain(words);
	expect((await visit('gateway', path)).text).toContain(words);
});
