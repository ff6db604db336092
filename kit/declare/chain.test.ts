import { expect, test } from 'vitest';
import { samples } from '../../tests/library/library.ts';
import { chainsOf, wakesAhead } from './chain.ts';
import { contract } from './contract.ts';
import { declare, type Target } from './declare.ts';
import { wakesOf } from './environment.ts';

const loans = samples.find(({ name }) => name === 'loans') as (typeof samples)[number];
const after = ['shelves', 'shelves-events', 'fines-events', 'loans-events'];

test('follows an operation to the functions that it calls, and from its events to every reaction', () => {
	expect(chainsOf(samples, samples).map(({ method, path, services }) => [method, path, services])).toEqual([
		['POST', '/api/loans', after],
	]);
});

test('does not follow a reaction to the events that only operations of its function emit', () => {
	const api = contract('/api/tea', {
		spill: { method: 'POST', path: '/', summary: 'Spills', emits: ['copy.missing'] },
	});
	const tea = declare({ name: 'tea', purpose: 'Brews.', api, emits: ['copy.missing'] });
	// A loan is requested by an operation of `loans`, and by no reaction.
	expect(chainsOf([tea], samples).map(({ services }) => services)).toEqual([['loans-events']]);
});

test('matches the path of an operation below its base and its aliases, and nothing else', () => {
	const api = contract('/api/tea', {
		brew: { method: 'POST', path: '/:id/cups', summary: 'Brews', emits: ['loan.requested'] },
		list: { method: 'GET', path: '/', summary: 'Lists' },
	});
	const tea = declare({ name: 'tea', purpose: 'Brews.', api, aliases: ['/api/the'], emits: ['loan.requested'] });
	const [chain, ...others] = chainsOf([tea], [tea, ...samples]);
	const matched = (path: string): boolean => new RegExp(chain?.pattern ?? '').test(path);
	expect([chain?.method, chain?.path, others]).toEqual(['POST', '/api/tea/:id/cups', []]);
	expect(['/api/tea/7/cups', '/api/the/7/cups/'].filter(matched)).toHaveLength(2);
	expect(['/api/tea', '/api/tea/7/8/cups', '/x/api/tea/7/cups', '/api/tea/7/cups/9'].filter(matched)).toEqual([]);
});

test.each([
	['calls', { calls: ['kettle'] }, 'kettle'],
	['emits', { emits: ['copy.reserved'] }, 'copy.reserved'],
] as const)('rejects an operation that %s what its declaration does not list', (_, part, name) => {
	const api = contract('/api/tea', { brew: { method: 'POST', path: '/', summary: 'Brews', ...part } });
	expect(() => declare({ name: 'tea', purpose: 'Brews.', api })).toThrow(
		`function "tea": brew uses "${name}": list it in the declaration too`,
	);
});

const addresses = { url: (service: string) => `http://${service}.shop`, env: {} };
const httpOf = (declaration: Target['declaration']): Target => ({
	name: declaration.name,
	signature: 'http',
	declaration,
});

test('gives the gateway all chains, a function that calls others its own, and other functions none', () => {
	const gateway = declare({ name: 'door', purpose: 'Opens.', role: 'gateway' });
	const wakes = [
		{ method: 'POST', pattern: '^(/api/loans)/?$', urls: after.map((service) => `http://${service}.shop`) },
	];
	for (const target of [httpOf(gateway), httpOf(loans)])
		expect(wakesOf(target, samples, addresses)).toEqual({ WAKES: JSON.stringify(wakes) });
	for (const target of [
		...samples.filter((fn) => fn !== loans).map(httpOf),
		{ name: 'loans-events', signature: 'cloudevent', declaration: loans } as const,
	])
		expect(wakesOf(target, samples, addresses)).toEqual({});
	expect(wakesOf(httpOf(loans), samples, { ...addresses, env: { WAKE_AHEAD: 'off' } })).toEqual({});
});

test('wakes ahead unless that is turned off, and rejects any other value', () => {
	expect([{}, { WAKE_AHEAD: '' }, { WAKE_AHEAD: 'on' }, { WAKE_AHEAD: 'off' }].map(wakesAhead)).toEqual([
		true,
		true,
		true,
		false,
	]);
	expect(() => wakesAhead({ WAKE_AHEAD: 'no' })).toThrow('WAKE_AHEAD is "no"; expected on or off');
});
