import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { identityLine } from './code-cache.ts';

function aFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'bodega-code-'));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	return folder;
}

/** Returns a program that calls the function which the last argument names, and prints its result. The code of one of them is long. */
const source = (result = 'old'): string => `
	const long = () => { ${Array.from({ length: 50 }, (_, n) => `const a${n} = Math.max(${n}, 1);`).join(' ')} return '${result}'; };
	const short = () => /ø/.source;
	const fails = () => { throw new Error('failed'); };
	console.log(({ long, short, fails })[process.argv.at(-1)]());`;

/** Writes a bundle as the build does. */
function write(bundle: string, text: string): void {
	writeFileSync(bundle, text + identityLine(createHash('sha256').update(text).digest('hex')));
}

/** Runs a bundle in a process of its own, which calls one of its functions. */
function run(bundle: string, file: string, called: string, stores = true) {
	const module = JSON.stringify(join(import.meta.dirname, 'code-cache.ts'));
	const call = `runBundle(${JSON.stringify(bundle)}, ${JSON.stringify(file)}, ${stores})`;
	const args = ['--input-type=module', '--eval', `import { runBundle } from ${module}; ${call};`, called];
	const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
	return { status, stdout: stdout.trim(), stderr };
}

function aBundle(): { bundle: string; file: string; size: () => number } {
	const folder = aFolder();
	const [bundle, file] = [join(folder, 'function.cjs'), join(folder, 'cache', 'function.cache')];
	write(bundle, source());
	return { bundle, file, size: () => readFileSync(file).length };
}

test('adds the functions that have run to those of the processes before', () => {
	const { bundle, file, size } = aBundle();
	expect(run(bundle, file, 'long').stdout).toBe('old');
	const before = size();
	// Alone it would be shorter than what is stored.
	expect(run(bundle, file, 'short').stdout).toBe('ø');
	expect(size()).toBeGreaterThan(before);
	expect(readdirSync(join(file, '..'))).toEqual(['function.cache']);
});

test('runs the new code of a bundle that has the length of the old one', () => {
	const { bundle, file } = aBundle();
	run(bundle, file, 'long');
	write(bundle, source('new'));
	expect(run(bundle, file, 'long').stdout).toBe('new');
});

test.each([
	['is of another V8', (stored: Buffer) => stored.fill(7, 64, 128)],
	['is truncated', (stored: Buffer) => stored.subarray(0, stored.length / 2)],
	['is empty', () => Buffer.alloc(0)],
])('replaces a file that %s', (_, broken) => {
	const { bundle, file } = aBundle();
	run(bundle, file, 'long');
	const stored = readFileSync(file);
	writeFileSync(file, broken(Buffer.from(stored)));
	expect(run(bundle, file, 'long').stdout).toBe('old');
	const replaced = readFileSync(file);
	expect([replaced.length, replaced.subarray(0, 128)]).toEqual([stored.length, stored.subarray(0, 128)]);
});

test('stores nothing for a bundle whose end is missing, after a failure, or unless told to', () => {
	const { bundle, file } = aBundle();
	expect(run(bundle, file, 'fails').stderr).toContain(`${bundle}:4:`);
	run(bundle, file, 'long', false);
	writeFileSync(bundle, source());
	expect(run(bundle, file, 'long').stdout).toBe('old');
	expect(() => readFileSync(file)).toThrow('ENOENT');
});

test('runs a bundle whose code cannot be stored', () => {
	const { bundle, file } = aBundle();
	writeFileSync(join(file, '..'), 'a file');
	expect(run(bundle, file, 'long')).toMatchObject({ status: 0, stdout: 'old', stderr: '' });
});
