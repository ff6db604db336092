import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { listen } from '../../tests/testing.ts';
import { Waking } from './waking.ts';

/** Starts a Service that records the paths of its requests. */
async function aService() {
	const paths: (string | undefined)[] = [];
	const server = createServer((req, res) => {
		paths.push(req.url);
		res.end();
	});
	return { url: await listen(server), paths };
}

test('asks each Service behind an operation for its health, once in a second, and no other Service', async () => {
	const [near, far, other] = [await aService(), await aService(), await aService()];
	const waking = new Waking({
		WAKES: JSON.stringify([
			{ method: 'POST', pattern: '^(/api/loans)/?$', urls: [near.url, far.url, 'http://127.0.0.1:9'] },
			{ method: 'DELETE', pattern: '^(/api/loans)/?$', urls: [other.url] },
		]),
	});
	waking.ahead('GET', '/api/loans');
	waking.ahead('POST', '/api/shelves');
	for (let times = 0; times < 3; times += 1) waking.ahead('POST', '/api/loans');
	await expect.poll(() => [near.paths, far.paths]).toEqual([['/health'], ['/health']]);
	expect(other.paths).toEqual([]);
});

test('wakes nothing without the variable, and names one that is not JSON', () => {
	new Waking({}).ahead('POST', '/api/loans');
	expect(() => new Waking({ WAKES: '{' })).toThrow(/^WAKES is not JSON\. Expected the URLs/);
});
