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

const first = ({ child }: Command): number => child.pid as number;
const group = (command: Command): number => command.group;
// A killed npm forwards no signal.
const npm = { prefix: ['sh', '-c', '"$@" & wait', 'npm'] };

test.each([
	['test', 'process', 'SIGKILL', () => ['test', 'local/service'], first, {}, /RUN/],
	['test', 'npm', 'SIGKILL', () => ['test', 'local/service'], first, npm, /RUN/],
	['test', 'process group', 'SIGINT', () => ['test', 'local/service'], group, {}, /RUN/],
	['check', 'process', 'SIGKILL', () => ['check'], first, {}, undefined],
	['check', 'process group', 'SIGHUP', () => ['check'], group, {}, undefined],
	['broker', 'npm', 'SIGKILL', () => ['broker', '--port', '0', '-f', manifest()], first, npm, /listening/],
] as const)('%s leaves no process when its %s gets %s', async (_name, _whose, signal, args, pid, around, ready) => {
	const command = new Command(root, args(), around);
	if (ready) await command.said(ready);
	// The command with its watchdog and a tool, or the broker and its npm.
	const least = ready?.source === 'listening' ? 2 : 3;
	await expect.poll(() => command.processes.length, { interval: 20 }).toBeGreaterThanOrEqual(least);
	await command.end(signal, pid(command));
});
