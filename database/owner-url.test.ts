import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { asOwner, postgresUrl } from '../tests/testing.ts';
import { reachOwner } from './owner-url.ts';

/** Returns the message of the refusal, which is a usage error. */
async function refusal(url: string): Promise<string> {
	const error = await reachOwner(url).then(
		() => expect.fail('it was accepted'),
		(cause: Error) => cause,
	);
	expect(error).toMatchObject({ name: 'UsageError', exitCode: 2 });
	expect(error.message).not.toContain('secret');
	return error.message;
}

test.each([
	['nonsense', 'DATABASE_URL is "nonsense": expected a URL like postgresql://user:password@host:5432/database'],
	['mysql://me:secret@db/shop', 'is "mysql://me:…@db/shop": expected a URL like postgresql://'],
	['https://db/shop', 'is "https://db/shop": expected a URL like'],
	['me:secret@db/shop', 'is "…@db/shop": expected a URL like'],
	['postgresql://me:sec/ret@db/shop?password=secret', 'expected a URL like'],
	['postgresql:///shop', 'expected a URL like'],
	['postgresql://db:99999/shop', 'expected a URL like'],
	['postgresql://me:secret@db', 'is "postgresql://me:…@db": expected the name of a database after the host'],
	['postgres://me:secret@db/', 'expected the name of a database'],
	['postgres://db/shop/more', 'expected the name of a database'],
	['postgres://me:secret@db/shop?sslmode=on', 'its sslmode is "on"; expected one of disable, no-verify'],
	['postgres://db.invalid/shop', 'the host "db.invalid" has no address'],
])('rejects %s', async (url, message) => {
	expect(await refusal(url)).toContain(message);
});

async function listening(server: Server): Promise<string> {
	await once(server.listen(0, '127.0.0.1'), 'listening');
	onTestFinished(() => void server.close());
	return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('rejects a port at which nothing listens', async () => {
	const server = createServer();
	const address = await listening(server);
	server.close();
	expect(await refusal(`postgres://me:secret@${address}/shop`)).toContain(
		`is "postgres://me:…@${address}/shop": nothing listens there`,
	);
});

test.each([
	['speaks HTTP', () => createHttpServer(), 'the server there is not a Postgres'],
	['hangs up', () => createServer((socket) => void socket.end()), 'the server there is not a Postgres'],
	['is silent', () => createServer((socket) => void socket.on('error', () => {})), 'the server there is silent'],
	[
		'is silent after its first answer',
		() =>
			createServer((socket) => {
				socket.on('error', () => {}).once('data', () => socket.write('N'));
			}),
		'timeout',
	],
])('rejects within 10 s a server that %s', { timeout: 10_000 }, async (_what, make, message) => {
	expect(await refusal(`postgres://me:secret@${await listening(make())}/shop`)).toContain(message);
});

test('accepts the owner of a database, and rejects wrong passwords, other databases and lesser roles', async () => {
	const url = new URL(await postgresUrl());
	const as = (changes: Partial<URL>): string => Object.assign(new URL(url), changes).href;
	await reachOwner(url.href);
	expect(await refusal(as({ password: 'secret' }))).toMatch(/the server says: password authentication failed/);
	expect(await refusal(as({ pathname: '/missing' }))).toContain('the server says: database "missing" does not exist');
	await asOwner(url.href, (db) =>
		db.query(
			"create role owner_plain login password 'secret'; create role owner_roles login createrole password 'secret'",
		),
	);
	onTestFinished(async () => {
		await asOwner(url.href, (db) => db.query('drop role owner_plain; drop role owner_roles'));
	});
	const lesser = (username: string) => refusal(as({ username, password: 'secret' }));
	expect(await lesser('owner_plain')).toContain('cannot create roles');
	expect(await lesser('owner_roles')).toContain('cannot create schemas in that database');
});
