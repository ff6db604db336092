import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { brokerObject, publishTo, startSubscriber, toYaml, trigger } from './testing.ts';

const main = join(import.meta.dirname, 'main.ts');

function folder(): string {
	const path = mkdtempSync(join(tmpdir(), 'bodega-broker-'));
	onTestFinished(() => rmSync(path, { recursive: true }));
	return path;
}

/** Starts the broker as a process. `line` reads its standard output line by line. */
function run(args: string[], { ipc = false } = {}) {
	const stdio = ipc ? (['ignore', 'pipe', 'pipe', 'ipc'] as const) : (['ignore', 'pipe', 'pipe'] as const);
	const child: ChildProcess = spawn(process.execPath, [main, ...args], { stdio: [...stdio] });
	onTestFinished(() => void child.kill('SIGKILL'));
	let errors = '';
	child.stderr?.on('data', (chunk) => (errors += chunk));
	const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
	return {
		child,
		exit: Promise.all([once(child, 'exit'), once(child.stderr as NodeJS.ReadableStream, 'end')]).then(([[code]]) => ({
			code,
			errors,
		})),
		async line(message: string): Promise<Record<string, unknown>> {
			for (;;) {
				const { value, done } = await lines.next();
				if (done) throw new Error(`the broker ended without logging "${message}": ${errors}`);
				const line = JSON.parse(value);
				if (line.message === message) return line;
			}
		},
	};
}

test('logs its address, delivers, and exits with 0 on SIGTERM', async () => {
	const subscriber = await startSubscriber();
	const file = join(folder(), 'triggers.yaml');
	writeFileSync(file, toYaml(brokerObject(), trigger('a', subscriber.url)));
	const { child, line, exit } = run(['--port', '0', '-f', file]);
	const listening = await line('listening');
	expect(listening).toMatchObject({ severity: 'INFO', brokers: ['default/shop'], triggers: ['default/a'] });
	expect((await publishTo(`${listening.url}/default/shop`)).status).toBe(202);
	expect(subscriber.at('/')).toHaveLength(1);
	child.kill('SIGTERM');
	expect(await exit).toEqual({ code: 0, errors: '' });
});

test('reloads manifests when one is replaced, and keeps the previous ones if one is invalid', async () => {
	const subscriber = await startSubscriber();
	const directory = folder();
	const [brokers, triggers, next] = ['broker.yaml', 'triggers.yaml', 'next'].map((name) => join(directory, name)) as [
		string,
		string,
		string,
	];
	writeFileSync(brokers, toYaml(brokerObject()));
	writeFileSync(triggers, '');
	const { line } = run(['--port', '0', '--file', brokers, '--file', triggers]);
	const shop = `${(await line('listening')).url}/default/shop`;
	writeFileSync(next, toYaml(trigger('a', subscriber.url)));
	renameSync(next, triggers);
	expect(await line('manifests reloaded')).toMatchObject({ triggers: ['default/a'] });
	writeFileSync(triggers, toYaml(trigger('a', 'nowhere')));
	const refusal = await line('manifests not reloaded: keeping the previous brokers and triggers');
	expect(refusal.error).toContain(`${triggers}: Trigger default/a: spec.subscriber.uri: found "nowhere"`);
	expect((await publishTo(shop)).status).toBe(202);
	expect(subscriber.at('/')).toHaveLength(1);
});

test('exits when its parent disconnects', async () => {
	const { child, line, exit } = run(['--port', '0'], { ipc: true });
	await line('listening');
	child.disconnect();
	expect(await exit).toEqual({ code: 0, errors: '' });
});

test('explains the remedy when its port is in use', async () => {
	const { url } = await startSubscriber();
	const { port } = new URL(url);
	expect(await run(['--port', port]).exit).toEqual({
		code: 1,
		errors: `bodega broker: port ${port} is in use: stop the process that uses it, or choose another with --port (0 picks a free one)\n`,
	});
});

test.each([
	['an invalid port', ['--port', 'x'], '--port x: expected a number from 0 to 65535'],
	[
		'an address of another machine',
		['--host', '192.0.2.1', '--port', '0'],
		'--host: expected an address of this machine',
	],
	['an unknown option', ['--prot', '1'], "Unknown option '--prot'"],
	['a missing file', ['-f', '/nowhere/triggers.yaml'], '/nowhere/triggers.yaml: cannot be read'],
])('exits with 1 and gives the reason for %s', async (_, args, message) => {
	const { code, errors } = await run(args).exit;
	expect({ code, errors }).toEqual({ code: 1, errors: expect.stringContaining(message) });
});
