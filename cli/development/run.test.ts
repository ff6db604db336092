import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Command } from '../../tests/command.ts';

const root = join(import.meta.dirname, '..', '..');

function manifest(): string {
	const folder = mkdtempSync(join(tmpdir(), 'bodega-run-'));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const file = join(folder, 'broker.yaml');
	writeFileSync(file, 'apiVersion: eventing.knative.dev/v1\nkind: Broker\nmetadata: { name: default }\n');
	return file;
}

const launcher = ({ child }: Command): number => child.pid as number;
const runner = (command: Command): number => command.runner;

test.each([
	['test', 'runner', 'SIGKILL', () => ['test', 'local/service'], runner, /RUN/],
	['test', 'launcher', 'SIGKILL', () => ['test', 'local/service'], launcher, /RUN/],
	['test', 'process group', 'SIGINT', () => ['test', 'local/service'], ({ group }: Command) => group, /RUN/],
	['check', 'runner', 'SIGKILL', () => ['check'], runner, undefined],
	['check', 'process group', 'SIGHUP', () => ['check'], ({ group }: Command) => group, undefined],
	['broker', 'launcher', 'SIGKILL', () => ['broker', '--port', '0', '-f', manifest()], launcher, /listening/],
] as const)('%s leaves no process when its %s gets %s', async (_name, _whose, signal, args, pid, ready) => {
	const command = new Command(root, args());
	if (ready) await command.said(ready);
	// The launcher, its watchdog and the command. A command other than the broker also has a watchdog and a tool.
	await expect
		.poll(() => command.processes.length, { interval: 20 })
		.toBeGreaterThan(ready?.source === 'listening' ? 2 : 4);
	await command.end(signal, pid(command));
});
