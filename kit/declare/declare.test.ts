import { expect, test } from 'vitest';
import { functions } from '../../functions/index.ts';
import { type Access, contract } from './contract.ts';
import { declare, routesOf, targetsOf } from './declare.ts';
import { Conflict, distinct } from './distinct.ts';

const purpose = 'A test function.';

test.each(['Books', '2books', 'books_', 'event-', '', 'a'.repeat(43), 'büecher'])(
	'rejects the function name %j',
	(name) => {
		expect(() => declare({ name, purpose })).toThrow(`function "${name}": a name is a DNS label`);
	},
);

test.each(['api', 'health', 'metrics', 'postgres', 'broker', 'web'])('rejects the reserved name %j', (name) => {
	expect(() => declare({ name, purpose })).toThrow(`function "${name}": the name is reserved`);
});

test.each(['/', '/api', '/health', '/metrics', '/ready', '/stats', '/a b', '/a//b', '/a/', '/é'] as const)(
	'rejects the path %j',
	(path) => {
		expect(() => declare({ name: 'tea', purpose, aliases: [path] })).toThrow(`function "tea": the path "${path}"`);
	},
);

const at = (name: string, base: `/${string}`, more: Partial<Parameters<typeof declare>[0]> = {}) =>
	declare({ name, purpose, api: contract(base, { get: { method: 'GET', path: '/', summary: '' } }), ...more });

test.each([
	['the name "tea"', at('tea', '/api/tea'), at('tea', '/api/coffee')],
	['the name "tea-events"', at('tea', '/api/tea', { schedule: '* * * * *' }), at('tea-events', '/api/x')],
	['the path /api/tea', at('tea', '/api/tea'), at('coffee', '/api/tea')],
	['the path /api/the', at('tea', '/api/tea', { aliases: ['/api/the'] }), at('coffee', '/api/the')],
	['the path /api/the', at('tea', '/api/the'), at('coffee', '/api/coffee', { aliases: ['/api/the'] })],
	['the paths /api/tea and /api/tea/cups', at('tea', '/api/tea'), at('cups', '/api/tea/cups')],
	['the paths /api/tea/cups and /api/tea', at('cups', '/api/tea/cups'), at('tea', '/api/tea')],
])('rejects two functions that claim %s', (claim, first, second) => {
	const conflict = (): unknown => distinct([at('water', '/api/water'), first, second]);
	expect(conflict).toThrow(Conflict);
	expect(conflict).toThrow(expect.objectContaining({ functions: [first.name, second.name] }));
	expect(conflict).toThrow(`The functions "${first.name}" and "${second.name}" both claim ${claim}.`);
});

test('allows paths that only begin alike', () => {
	expect(distinct([at('tea', '/api/tea'), at('teapots', '/api/teapots')])).toHaveLength(2);
});

test('rejects a function that reacts to events without data', () => {
	const reacts = ['loan.requested'] as const;
	expect(() => declare({ name: 'forgetful', purpose, reacts })).toThrow(
		'has no data to record them in: set data: true',
	);
	expect(declare({ name: 'mindful', purpose, reacts, data: true }).data).toEqual({ connections: 4 });
});

test('rejects a function that verifies access tokens without data', () => {
	const guarded = (access: Access) =>
		contract('/api/safe', { open: { method: 'POST', path: '/', summary: 'Opens', access } });
	for (const access of ['optional', 'user', 'admin'] as const) {
		expect(() => declare({ name: 'safe', purpose, api: guarded(access) })).toThrow(
			'function "safe": open verifies access tokens, but their keys are in the database: set data: true',
		);
		expect(declare({ name: 'safe', purpose, api: guarded(access), data: true }).name).toBe('safe');
	}
	expect(declare({ name: 'safe', purpose, api: guarded('public') }).name).toBe('safe');
});

test('derives a target for HTTP from an interface, and a target for events', () => {
	const api = contract('/api/tea', {});
	const names = (more: Partial<Parameters<typeof declare>[0]>): string[] =>
		targetsOf(declare({ name: 'tea', purpose, ...more })).map(({ name, signature }) => `${name} ${signature}`);
	expect(names({ api })).toEqual(['tea http']);
	expect(names({ role: 'gateway' })).toEqual(['tea http']);
	expect(names({ schedule: '* * * * *' })).toEqual(['tea-events cloudevent']);
	expect(names({ deadLetters: true, api })).toEqual(['tea http', 'tea-events cloudevent']);
	expect(names({ api, data: true, reacts: ['loan.requested'] })).toEqual(['tea http', 'tea-events cloudevent']);
});

test('derives routes from the operations’ paths up to their first parameter', () => {
	const operation = (path: string) => ({ method: 'GET', path, summary: '' }) as const;
	const api = contract('/api', {
		a: operation('/events'),
		b: operation('/events/:id'),
		c: operation('/letters/:id/replay'),
	});
	expect(routesOf(declare({ name: 'tea', purpose, api }))).toEqual(['/api/events', '/api/letters']);
	expect(routesOf(declare({ name: 'tea', purpose, api: contract('/api/tea', { a: operation('/') }) }))).toEqual([
		'/api/tea',
	]);
});

test('the shop’s functions have unique names and routes, and all calls and reactions have a counterpart', () => {
	const names = functions.map(({ name }) => name);
	expect(new Set(names).size).toBe(names.length);
	const routes = functions.flatMap(routesOf);
	expect(new Set(routes).size).toBe(routes.length);
	const emitted = new Set(functions.flatMap(({ emits }) => emits));
	const handled = new Set(functions.flatMap(({ reacts }) => reacts));
	expect([...handled].filter((type) => !emitted.has(type))).toEqual([]);
	for (const { calls } of functions)
		for (const [name, called] of Object.entries(calls))
			expect(functions.find((fn) => fn.name === name)?.api).toBe(called);
	expect(functions.filter(({ deadLetters }) => deadLetters)).toHaveLength(1);
});
