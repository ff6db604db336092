import { expect, test } from 'vitest';
import { shop as product } from '../../shop.ts';
import { target, visit } from './setup/visitor.ts';

test('reports the shop’s version, what it runs on, its database and its functions', async () => {
	const { status, json } = await visit('gateway', '/api/info');
	expect(status).toBe(200);
	const version = expect.stringMatching(/^v?\d+\.\d+/);
	expect(json).toMatchObject({
		name: product.name,
		version: expect.stringMatching(/^\d+\.\d+\.\d+/),
		revision: target === 'compose' ? null : expect.stringMatching(/^info-/),
		runs_on: { platform: target === 'local' ? 'laptop' : target, node: expect.stringMatching(/^v\d+\./) },
		database: { version: expect.stringMatching(/^1[89]\b|^[2-9]\d\b/) },
	});
	expect(json.uptime).toBeGreaterThanOrEqual(0);
	expect(json.runs_on.kubernetes).toEqual(target === 'cluster' ? version : null);
	expect(json.database.size).toBeGreaterThan(1_000_000);
	expect(json.functions).toContainEqual(expect.objectContaining({ name: 'info', state: 'ready' }));
});
