import { expect, test } from 'vitest';
import { samples } from '../../tests/library/library.ts';
import { aService, openGate } from '../testing.ts';
import { wakesOf } from './waking.ts';

const names = ['loans', 'loans-events', 'shelves', 'shelves-events', 'fines-events'];

/** Creates the Services of the library, whose instances wait at a gate before they listen. */
async function aShop() {
	const gate = await openGate();
	const env = { GATE: gate.url, GATE_AT_START: '1' };
	const services = new Map(names.map((name) => [name, aService({ name, env }).service]));
	const starting = (): string[] => names.filter((name) => services.get(name)?.state === 'starting');
	return { services, starting };
}

test.each([
	['POST', '/api/loans?x=1', names],
	['GET', '/api/loans/7', ['loans']],
	['GET', '/api/shelves', ['shelves']],
])('%s %s starts %j before any of them is ready', async (method, url, woken) => {
	const { services, starting } = await aShop();
	wakesOf(samples, services, {})({ method, url });
	await expect.poll(starting).toEqual(woken);
});

test.each([
	['for the page', '/', {}],
	['for a path that only begins like one', '/api/loansharks', {}],
	['when that is turned off', '/api/loans', { WAKE_AHEAD: 'off' }],
])('wakes nothing %s', async (_when, url, env) => {
	const { services, starting } = await aShop();
	wakesOf(samples, services, env)({ method: 'POST', url });
	// Whatever had been woken before would be starting by then.
	services.get('shelves')?.wake();
	await expect.poll(starting).toEqual(['shelves']);
});
