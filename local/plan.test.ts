import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readBrokers } from '../eventing/broker/manifest/manifest.ts';
import { contract } from '../kit/declare/contract.ts';
import { declare, type Target, targetsOf } from '../kit/declare/declare.ts';
import { environmentOf } from '../kit/declare/environment.ts';
import { shop } from '../shop.ts';
import { planServices, planTriggers } from './plan.ts';
import { folder } from './testing.ts';

const purpose = 'Is planned.';
const cups = contract('/api/cups', { list: { method: 'GET', path: '/', summary: 'All' } });
const placed = 'dev.bodega.loan.requested';
const cup = declare({
	name: 'cup',
	purpose,
	api: cups,
	data: true,
	reacts: ['loan.requested'],
	emits: ['copy.reserved'],
});
const plain = declare({ name: 'plain', purpose, api: contract('/api/plain', {}), calls: { cup: cups } });
const clock = declare({ name: 'clock', purpose, data: true, schedule: '* * * * *' });
const letters = declare({ name: 'letters', purpose, data: true, deadLetters: true });
const door = declare({ name: 'door', purpose, role: 'gateway' });
const seer = declare({ name: 'seer', purpose, api: contract('/api/seer', {}), role: 'observer' });
const all = [cup, plain, clock, letters, door, seer];

const addresses = { url: (service: string) => `http://${service}.test`, sink: 'http://broker.test' };
const owner = { url: 'postgresql://owner:word@db.test/shop', secret: 'secret' };
const secrets = {
	owner,
	extra: { EXTRA: 'more' },
	codeCache: '/cache',
	observer: { TOKEN: 'seen' },
	brokerKillUrl: 'http://control.test/broker/token/kill',
};
const services = planServices(all, addresses, secrets);
const envOf = (name: string) => services.find(({ target }) => target.name === name)?.env ?? {};

describe('the services', () => {
	test('are one per target', () => {
		expect(services.map(({ target }) => target.name)).toEqual([
			...['cup', 'cup-events', 'plain', 'clock-events', 'letters-events', 'door', 'seer'],
		]);
	});

	test('only the HTTP of the function with the dead letters can kill the broker', () => {
		const mixed = { ...letters, api: contract('/api/letters', {}) };
		const plans = planServices([cup, mixed, door], addresses, secrets);
		const able = plans.filter(({ env }) => 'BROKER_KILL_URL' in env).map(({ target }) => target.name);
		expect(able).toEqual(['letters']);
	});

	test('have the environment that Knative sets, and their own', () => {
		expect(envOf('cup-events')).toEqual({
			...environmentOf(targetsOf(cup)[1] as Target, all, addresses),
			EXTRA: 'more',
			CODE_CACHE: '/cache/cup-events',
			K_SERVICE: 'cup-events',
			K_CONFIGURATION: 'cup-events',
			K_REVISION: 'cup-events-laptop',
			DATABASE_URL: expect.stringMatching(/^postgresql:\/\/bodega_cup:[\w-]+@db\.test\/shop$/),
		});
		expect(envOf('cup-events')).toMatchObject({ FUNCTION_TARGET: 'cup-events', K_SINK: 'http://broker.test' });
		expect(JSON.parse(envOf('plain')['FUNCTION_URLS'] ?? '')).toEqual({ cup: 'http://cup.test' });
		expect(JSON.parse(envOf('door')['ROUTES'] ?? '')).toEqual({
			'/api/cups': { url: 'http://cup.test', bodyLimit: cup.bodyLimit },
		});
		expect([envOf('seer')['TOKEN'], envOf('plain')['TOKEN']]).toEqual(['seen', undefined]);
		expect(JSON.parse(envOf('seer')['FUNCTIONS'] ?? '')).toContainEqual(
			expect.objectContaining({
				name: 'cup',
				purpose,
				path: '/api/cups',
				targets: [
					{ name: 'cup', signature: 'http' },
					{ name: 'cup-events', signature: 'cloudevent' },
				],
			}),
		);
	});

	test.each([['DATABASE_URL', ['cup', 'cup-events', 'clock-events', 'letters-events']]])(
		'have %s only where declared',
		(variable, wanted) => {
			const having = services.filter(({ env }) => variable in env).map(({ target }) => target.name);
			expect(having).toEqual(wanted);
		},
	);

	test('let an inspected one pause in a transaction', () => {
		const inspected = planServices(all, addresses, secrets, new Set(['cup']));
		const options = inspected.map(({ env }) => new URL(env['DATABASE_URL'] ?? 'x:').searchParams.get('options'));
		expect(options.slice(0, 2)).toEqual(['-c idle_in_transaction_session_timeout=0', null]);
		const remote = { ...secrets, owner: { ...owner, url: `${owner.url}?sslmode=require` } };
		const [first] = planServices(all, addresses, remote, new Set(['cup']));
		expect(Object.fromEntries(new URL(first?.env['DATABASE_URL'] ?? '').searchParams)).toEqual({
			sslmode: 'require',
			options: '-c idle_in_transaction_session_timeout=0',
		});
	});

	test('each have their own role and password, and never the owner’s', () => {
		const urls = ['cup', 'clock-events', 'letters-events'].map((name) => new URL(envOf(name)['DATABASE_URL'] ?? ''));
		expect(new Set(urls.map(({ username }) => username)).size).toBe(3);
		expect(new Set(urls.map(({ password }) => password)).size).toBe(3);
		expect(JSON.stringify(services.map(({ env }) => env))).not.toMatch(/owner|:word/);
	});
});

describe('the manifests of the triggers', () => {
	const brokersOf = (functions: typeof all) => {
		const file = join(folder(), 'triggers.yaml');
		writeFileSync(file, planTriggers(functions, addresses));
		return readBrokers([file]);
	};

	test('produce the intended triggers in the broker', () => {
		const brokers = brokersOf(all);
		expect([...brokers.keys()]).toEqual([`${shop.namespace}/default`]);
		const [trigger, ...others] = brokers.get(`${shop.namespace}/default`) ?? [];
		expect(others).toEqual([]);
		expect(trigger).toMatchObject({
			name: 'cup-on-loan-requested',
			subscriber: { shown: 'http://cup-events.test/cup-on-loan-requested' },
			delivery: { retry: 8, deadLetterSink: { shown: 'http://letters-events.test/cup-on-loan-requested' } },
		});
		const event = (type: string) => ({ attributes: new Map([['type', type]]), data: Buffer.alloc(0) });
		expect(trigger?.wants(event(placed))).toBe(true);
		expect(trigger?.wants(event('dev.bodega.fine.issued'))).toBe(false);
	});

	test('give an inspected function an hour for an event', () => {
		const timeout = (...names: string[]) => {
			const file = join(folder(), 'triggers.yaml');
			writeFileSync(file, planTriggers(all, addresses, new Set(names)));
			return readBrokers([file]).get('bodega/default')?.[0]?.delivery.timeout;
		};
		expect([timeout('cup'), timeout('cup-events')]).toEqual([30_000, 3_600_000]);
	});

	test('have a Broker without triggers, and no dead letter sink where none is declared', () => {
		expect(brokersOf([plain]).get(`${shop.namespace}/default`)).toEqual([]);
		expect(brokersOf([cup]).get(`${shop.namespace}/default`)?.[0]?.delivery.deadLetterSink).toBeUndefined();
	});
});
