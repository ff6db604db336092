import { expect, test } from 'vitest';
import * as z from 'zod';
import { json, readConfig, variablesOf } from './config.ts';
import { contract } from './contract.ts';
import { declare } from './declare.ts';
import { environmentOf } from './environment.ts';

const api = contract('/api/tea', {
	brew: { method: 'POST', path: '/:id/cups', summary: 'Brews', params: z.object({ id: z.string() }), status: 204 },
});
const tea = declare({
	name: 'tea',
	purpose: 'Brews tea.',
	api,
	data: true,
	calls: { kettle: contract('/api/kettle', {}) },
	reacts: ['loan.requested'],
	emits: ['copy.reserved'],
});
const pot = declare({ name: 'pot', purpose: 'Stands there.', role: 'gateway' });

test('names every missing variable with its purpose', () => {
	expect(() => readConfig(tea, { PORT: '1' })).toThrow(
		[
			'function "tea" cannot start: the environment lacks',
			'  FUNCTION_TARGET: which of the bundle’s targets this process serves',
			'  DATABASE_URL: the function’s own role and database, as postgresql://role:password@host/database',
			'  K_SINK: the URL of the Broker that its events are published to',
			'  FUNCTION_URLS: the base URLs of the functions it calls, as JSON: {"NAME": "http://…"}',
		].join('\n'),
	);
	expect(() => readConfig(pot, { FUNCTION_TARGET: 'pot' })).toThrow(/lacks\n {2}ROUTES: [^\n]+$/);
});

test('requires only the variables that a function uses', () => {
	expect(variablesOf(declare({ name: 'cup', purpose: 'Holds.', api }))).toEqual(['FUNCTION_TARGET']);
	const told = { FUNCTION_TARGET: 'cup', DATABASE_URL: 'postgresql://meant-for-another' };
	expect(readConfig(declare({ name: 'cup', purpose: 'Holds.', api }), told).databaseUrl).toBeUndefined();
});

test('rejects a PORT that is not a port number', () => {
	expect(readConfig(pot, { FUNCTION_TARGET: 'pot', ROUTES: '{}' }).port).toBe(8080);
	for (const PORT of ['http', '-1', '65536', '80.5'])
		expect(() => readConfig(pot, { FUNCTION_TARGET: 'pot', ROUTES: '{}', PORT })).toThrow(`PORT is "${PORT}"`);
});

test('reads a setting from the environment or by default, and names an invalid one', () => {
	const STRENGTH = z.coerce.number().min(1).max(5).default(3).describe('the strength of the tea, from 1 to 5');
	const assam = declare({ name: 'assam', purpose: 'Is strong.', role: 'gateway', settings: { STRENGTH } });
	const told = { FUNCTION_TARGET: 'assam', ROUTES: '{}' };
	expect(readConfig(assam, told).settings).toEqual({ STRENGTH: 3 });
	expect(readConfig(assam, { ...told, STRENGTH: '5', OTHER: '1' }).settings).toEqual({ STRENGTH: 5 });
	expect(() => readConfig(assam, { ...told, STRENGTH: '6' })).toThrow(
		'STRENGTH is invalid: "6". It sets the strength of the tea, from 1 to 5, for example 3',
	);
	const target = { name: 'assam', signature: 'http', declaration: assam } as const;
	const strengthIn = (env: NodeJS.ProcessEnv) =>
		environmentOf(target, [assam], { url: String, sink: '', env })['STRENGTH'];
	expect([strengthIn({}), strengthIn({ STRENGTH: '4' })]).toEqual(['3', '4']);
});

test('names a variable that is not JSON', () => {
	expect(() => json('ROUTES', { ROUTES: '{' })).toThrow(
		/^ROUTES is not JSON\. Expected the function behind each public path/,
	);
	expect(json('ROUTES', {})).toBeUndefined();
});

test('derives all variables of a target from the declarations, except its secrets', () => {
	const addresses = { url: (service: string) => `http://${service}.shop`, sink: 'http://broker.shop' };
	const [target] = [{ name: 'tea', signature: 'http', declaration: tea } as const];
	const environment = environmentOf(target, [tea, pot], addresses);
	expect(environment).toEqual({
		FUNCTION_TARGET: 'tea',
		K_SINK: 'http://broker.shop',
		FUNCTION_URLS: '{"kettle":"http://kettle.shop"}',
	});
	expect(readConfig(tea, { ...environment, DATABASE_URL: 'postgresql://x' })).toMatchObject({
		target: 'tea',
		sink: 'http://broker.shop',
		functionUrls: { kettle: 'http://kettle.shop' },
	});
	expect(environmentOf({ name: 'pot', signature: 'http', declaration: pot }, [tea, pot], addresses)).toEqual({
		FUNCTION_TARGET: 'pot',
		ROUTES: '{"/api/tea":{"url":"http://tea.shop","bodyLimit":100000}}',
	});
});
