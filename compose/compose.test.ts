import { describe, expect, test } from 'vitest';
import { urlOf } from '../database/roles.ts';
import { functions } from '../functions/index.ts';
import { targetsOf } from '../kit/declare/declare.ts';
import { environmentOf } from '../kit/declare/environment.ts';
import { planTriggers } from '../local/plan.ts';
import { shop } from '../shop.ts';
import { sampleShop } from '../tests/library/library.ts';
import { addresses } from './addresses.ts';
import { credentialLines } from './credentials.ts';
import { generateCompose } from './generate.ts';
import { project } from './project.ts';
import { literal, type Service } from './service.ts';

const { services, networks, volumes } = project(functions);
const all = Object.entries(services);
const service = (name: string): Service => services[name] as Service;
const targets = functions.flatMap(targetsOf);
const withData = functions.filter(({ data }) => data).map(({ name }) => name);

test.each(targets)(
	'$name runs its function’s image with the same variables as on the laptop and the cluster',
	(target) => {
		const { image, environment, healthcheck } = service(target.name);
		expect(image).toBe(`\${BODEGA_REGISTRY:-dev.local}/bodega-${target.declaration.name}:\${BODEGA_VERSION:-local}`);
		const wanted = environmentOf(target, functions, addresses);
		expect(Object.keys(environment ?? {})).toEqual(expect.arrayContaining(Object.keys(wanted)));
		for (const [name, schema] of Object.entries(target.declaration.settings))
			expect(environment?.[name]).toBe(`\${${name}:-${schema.parse(undefined)}}`);
		expect(healthcheck?.test.slice(0, 3)).toEqual(['CMD', 'node', '-e']);
	},
);

test('each image is built once, even if two targets run it', () => {
	const built = all.flatMap(([, { build }]) => (build ? [build.args['FUNCTION']] : []));
	expect(built.sort()).toEqual(['compose', 'migrate', ...functions.map(({ name }) => name)].sort());
});

describe('every service', () => {
	test.each(all)(
		'%s is hardened, and restarts if it has a health check',
		(_name, { read_only, cap_drop, security_opt, restart, healthcheck }) => {
			expect({ read_only, cap_drop, security_opt }).toEqual({
				read_only: true,
				cap_drop: ['ALL'],
				security_opt: ['no-new-privileges:true'],
			});
			// Long-running containers have both a health check and a restart policy; one-off containers have neither.
			expect(restart !== undefined).toBe(healthcheck !== undefined);
		},
	);

	test('has no writable folder in memory, except Postgres', () => {
		expect(all.filter(([, { tmpfs }]) => tmpfs).map(([name]) => name)).toEqual(['postgres']);
	});

	test('has no shell in its health check', () => {
		expect(all.filter(([, { healthcheck }]) => healthcheck && healthcheck.test[0] !== 'CMD')).toEqual([]);
	});
});

test('only the gateway publishes ports, and only to this machine', () => {
	expect(all.filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(['gateway']);
	expect(service('gateway').ports).toEqual([`127.0.0.1:\${PAGE_PORT:-5173}:8080`, `127.0.0.1:\${API_PORT:-5000}:8080`]);
});

test('only functions with data reach the database, and only the gateway and functions with internet access reach out', () => {
	const on = (network: string): string[] =>
		all.flatMap(([name, { networks = [] }]) => (networks.includes(network) ? [name] : [])).sort();
	const names = (of: (fn: (typeof functions)[number]) => unknown): string[] =>
		functions.filter(of).flatMap((fn) => targetsOf(fn).map(({ name }) => name));
	expect(on('database')).toEqual(['migrate', 'postgres', ...names(({ data }) => data)].sort());
	expect(on('outside')).toEqual(['gateway', ...names(({ internet }) => internet)].sort());
	expect(networks).toEqual({ shop: { internal: true }, database: { internal: true }, outside: {} });
});

describe('secrets', () => {
	test('are not in compose.yaml: passwords come from the environment, or are the development password', () => {
		const text = generateCompose();
		expect(text).not.toContain('DATABASE_URL');
		expect(text).not.toContain('postgresql://');
		const lines = text.split('\n').filter((line) => /password/i.test(line));
		for (const line of lines)
			expect(line).toMatch(/^ +(POSTGRES|ADMIN)_PASSWORD: \$\{\1_PASSWORD:-bodega-development\}$/);
	});

	test('of the database are each in a volume that only one function mounts, and only the credentials service can write', () => {
		for (const name of ['migrate', ...withData]) {
			const holders = all.flatMap(([holder, { volumes = [] }]) =>
				volumes.filter((each) => each.startsWith(`credentials-${name}:`)).map((each) => [holder, each.endsWith(':ro')]),
			);
			const own = targets.filter(({ declaration }) => declaration.name === name).map((target) => target.name);
			expect(holders).toEqual([
				['credentials', false],
				...(name === 'migrate' ? [['migrate', true]] : own.map((holder) => [holder, true])),
			]);
			expect(volumes).toHaveProperty([`credentials-${name}`]);
		}
	});

	test('match the role passwords that the migration sets, even if the owner’s password has special characters', () => {
		const password = `a/b@c:d#e'f"g$h%20 i`;
		const lines = credentialLines(password, 'a-secret');
		expect([...lines.keys()]).toEqual(['migrate', ...withData]);
		const urls = new Map(
			[...lines].map(([name, line]) => [
				name,
				/^DATABASE_URL="([^"\n]*)"\n(?:ROLE_SECRET=a-secret\n)?$/.exec(line)?.[1] ?? '',
			]),
		);
		const url = urls.get('migrate') ?? '';
		expect(decodeURIComponent(new URL(url).password)).toBe(password);
		const owner = { url, secret: 'a-secret' };
		for (const name of withData) expect(urls.get(name)).toBe(urlOf(owner, name));
	});
});

test('every Trigger leads to a service that exists', () => {
	const { services } = project(sampleShop);
	const hosts = [...planTriggers(sampleShop, addresses).matchAll(/uri: http:\/\/([^:]+):8080/g)].map(
		([, host]) => host,
	);
	expect(hosts.length).toBeGreaterThan(0);
	expect(hosts.filter((host) => !services[host ?? ''])).toEqual([]);
	expect(services['loans']?.environment?.['K_SINK']).toBe(`http://broker:8080/${shop.namespace}/default`);
});

test('literal doubles each dollar, so that Compose does not read a variable', () => {
	expect(literal('a $b $$')).toBe('a $$b $$$$');
});
