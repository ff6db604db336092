import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Shop } from './command.ts';
import { copyProject } from './copy.ts';
import { breakOff, hostileRequests, sendRaw } from './hostile.ts';

const { copy, remove } = await copyProject();
const folder = mkdtempSync(join(tmpdir(), 'bodega-hostile-'));
let shop: Shop;

beforeAll(async () => {
	shop = await Shop.open(copy, folder, ['--port', '0', '--idle', '600'], {
		env: { SECRET_OF_THE_SHELL: 'secret' },
	});
});
afterAll(async () => {
	shop.child.kill();
	await shop.exit;
	remove();
	rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const portOf = (url: string | undefined): number => Number(new URL(url ?? '').port);

/** Returns the ids of the broker's and the functions' processes. */
async function processes(): Promise<number[]> {
	const { broker, functions } = await shop.processesOf();
	return [broker, ...Object.values(functions).flat()];
}

test('no request ends a process of the shop, on any port', async () => {
	const { url, urls, control } = shop.running;
	const ports: readonly (readonly [what: string, port: number, path: string])[] = [
		['the front', portOf(url), '/api/info'],
		['the front, for the page', portOf(url), '/'],
		['the control API', portOf(control), '/functions'],
		...['gateway', 'info', 'users', 'event-log-events', 'relay-events'].map(
			(name) => [name, portOf(urls[name]), name === 'info' ? '/api/info' : '/'] as const,
		),
	];
	// Starts an instance of each.
	for (const [, port, path] of ports) await fetch(`http://127.0.0.1:${port}${path}`);
	const before = await processes();
	for (const [what, port, path] of ports) {
		for (const [name, bytes] of Object.entries(hostileRequests('localhost', path))) {
			const answer = await sendRaw(port, bytes);
			expect([what, name, answer.slice(0, 5)]).toEqual([what, name, expect.stringMatching(/^(HTTP\/|ECONN|$)/)]);
			await breakOff(port, bytes.slice(0, bytes.length / 2));
			await breakOff(port, bytes);
		}
		// A process that has ended is not in the list any more. Load can add others.
		expect([what, await processes()]).toEqual([what, expect.arrayContaining(before)]);
	}
	expect(shop.child.exitCode).toBeNull();
	expect((await shop.fetch('/api/info')).status).toBe(200);
	expect(shop.output).not.toMatch(/crashed|exited|UNCAUGHT|unhandled/i);
});

// Only Linux shows the environment of another process.
test.runIf(process.platform === 'linux')('no process of the shop has the secrets of the user’s shell', async () => {
	const pids = await processes();
	expect(pids.length).toBeGreaterThan(1);
	for (const pid of pids) {
		const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
		expect(environment).toContain('PATH=');
		expect(environment).not.toMatch(/ADMIN_PASSWORD|SECRET_OF_THE_SHELL/);
	}
});

test('serves no foreign host, which a website could have made point here', async () => {
	const { url, urls, control } = shop.running;
	for (const port of [portOf(url), portOf(control), portOf(urls['info']), portOf(urls['relay-events'])]) {
		const ask = (host: string, target = '/functions'): Promise<string> =>
			sendRaw(port, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
		for (const host of ['evil.example', 'evil.example:3000', 'localhost.evil.example', '192.0.2.1', '127.evil.example'])
			expect([host, (await ask(host)).slice(0, 12)]).toEqual([host, 'HTTP/1.1 421']);
		expect((await ask('localhost', 'http://evil.example/functions')).slice(0, 12)).toBe('HTTP/1.1 421');
		for (const host of ['localhost', 'LOCALHOST.:80', '127.1.2.3', '[::1]:3000', 'Info.Localhost'])
			expect([host, (await ask(host)).slice(0, 12)]).not.toEqual([host, 'HTTP/1.1 421']);
	}
});
