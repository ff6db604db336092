import { expect, test } from 'vitest';
import { post, visit } from './setup/visitor.ts';

test('computes statistics exactly where doubles would round', async () => {
	const summary = await post('/api/stats/summary', { values: [1, 2, 3, 6], sample: true });
	expect(summary.json).toEqual({
		...{ count: 4, mean: 3, median: 2.5, min: 1, max: 6 },
		...{ variance: 14 / 3, standard_deviation: Math.sqrt(14 / 3) },
	});
	const mean = async (values: number[]) => (await visit('stats', `/api/stats/mean?values=${values}`)).json;
	expect(await mean([1e16, 1, -1e16])).toEqual({ result: 1 / 3, count: 3 });
	expect(await mean([1e308, 1e308])).toEqual({ result: 1e308, count: 2 });
});

test('answers 422 to values that are no numbers, and names the field', async () => {
	const named = [
		['/api/stats/mean?values=1,,2', 'query.values.1'],
		['/api/stats/mean?values=', 'query.values'],
		['/api/stats/variance?values=1&sample=true', 'query.values'],
	];
	for (const [path = '', field] of named) {
		const answer = await visit('gateway', path);
		expect([path, answer.status, answer.json.errors?.[0].field]).toEqual([path, 422, field]);
	}
});

test('accepts a million values for statistics, and rejects a body of that size elsewhere', async () => {
	const values = Array.from({ length: 1_000_000 }, () => Math.random());
	const { status, json } = await post('/api/stats/mean', { values });
	expect([status, json.count]).toEqual([200, values.length]);
	expect(json.result).toBeCloseTo(0.5, 2);
	expect((await post('/api/users', { name: 'x'.repeat(1_000_000) })).status).toBe(413);
});
