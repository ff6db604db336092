import { expect, test } from 'vitest';
import { contract } from '../../kit/declare/contract.ts';
import { declare } from '../../kit/declare/declare.ts';
import { samples } from '../../tests/library/library.ts';
import { aService, openGate } from '../testing.ts';
import { wakerOf } from './waking.ts';

const names = ['loans', 'loans-events', 'shelves', 'shelves-events', 'fines-events'];
/** Its path lies below that of `shelves`. */
const rare = declare({
	name: 'rare',
	purpose: 'Is asked for.',
	api: contract('/api/shelves/rare', { get: { method: 'GET', path: '/:id', summary: '' } }),
});
const functions = [...samples, rare];

/** Creates the Services of the library, whose instances wait at a gate before they listen. */
async function aShop() {
	const gate = await openGate();
	const env = { GATE: gate.url, GATE_AT_START: '1' };
	const services = new Map([...names, 'rare'].map((name) => [name, aService({ name, env }).service]));
	const starting = (): string[] => [...services.keys()].filter((name) => services.get(name)?.state === 'starting');
	return { services, starting };
}

test.each([
	['POST', '/api/loans?x=1', names],
	['GET', '/api/loans/7', ['loans']],
	['GET', '/api/shelves', ['shelves']],
	['GET', '/api/shelves/rare/7', ['rare']],
])('%s %s starts %j before any of them is ready', async (method, url, woken) => {
	const { services, starting } = await aShop();
	wakerOf(functions, services, {})({ method, url });
	await expect.poll(starting).toEqual(woken);
});

test.each([
	['for the page', '/', {}],
	['for a path that only begins like one', '/api/loansharks', {}],
	['when that is turned off', '/api/loans', { WAKE_AHEAD: 'off' }],
])('wakes nothing %s', async (_when, url, env) => {
	const { services, starting } = await aShop();
	wakerOf(functions, services, env)({ method: 'POST', url });
	// Whatever had been woken before would be starting by then.
	services.get('shelves')?.wake();
	await expect.poll(starting).toEqual(['shelves']);
});
