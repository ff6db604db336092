import { expect, test } from 'vitest';
import { contract, type Method } from '../declare/contract.ts';
import { Problem } from './problem.ts';
import { allowed, Router } from './router.ts';

const operation = (method: Method, path: string) => ({ method, path, summary: '' });
const router = new Router(
	contract('/api/tea', {
		list: operation('GET', '/'),
		today: operation('GET', '/today'),
		get: operation('GET', '/:id'),
		remove: operation('DELETE', '/:id'),
		sip: operation('POST', '/:id/cups/:cup'),
	}),
	['/api/the', '/tea'],
);

test('finds the first matching operation of the contract', () => {
	expect(router.find('GET', '/api/tea').name).toBe('list');
	expect(router.find('GET', '/api/tea/today').name).toBe('today');
	expect(router.find('HEAD', '/api/tea/green').name).toBe('get');
	expect(router.find('POST', '/api/tea/green/cups/2%2F3')).toMatchObject({
		name: 'sip',
		params: { id: 'green', cup: '2/3' },
	});
});

test('treats an alias like the base, and ignores a trailing slash', () => {
	for (const base of ['/api/tea', '/api/the', '/tea'])
		for (const slash of ['', '/']) {
			expect(router.find('GET', base + slash).name).toBe('list');
			expect(router.find('GET', `${base}/green${slash}`)).toMatchObject({ name: 'get', params: { id: 'green' } });
		}
});

function problemOf(work: () => unknown): Problem {
	try {
		work();
	} catch (error) {
		if (error instanceof Problem) return error;
	}
	throw new Error('no problem');
}

test('throws 404 at an unknown path, 405 for another method, and 400 when a path cannot be decoded', () => {
	for (const path of ['/api', '/api/teas', '/api/tea/1/cups', '/teas'])
		expect(problemOf(() => router.find('GET', path)).status).toBe(404);
	expect(problemOf(() => router.find('PUT', '/api/tea/1'))).toMatchObject({
		status: 405,
		headers: { allow: 'GET, DELETE, HEAD, OPTIONS' },
	});
	expect(problemOf(() => router.find('POST', '/api/tea/%ff/cups/1')).status).toBe(400);
});

test('allows the methods of a fixed path, and not those of a parameter that its segment could be', () => {
	expect(allowed(router.at('/api/tea/today'))).toBe('GET, HEAD, OPTIONS');
	expect(allowed(router.at('/api/tea/tomorrow'))).toBe('GET, DELETE, HEAD, OPTIONS');
	expect(problemOf(() => router.find('DELETE', '/api/tea/today')).status).toBe(405);
});
