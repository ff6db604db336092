import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Command } from '../../tests/command.ts';
import { number, port, root } from './options.ts';

test.each([
	['0', 0],
	['1.5', 1.5],
	['2592000', 2_592_000],
	['9007199254740991', Number.MAX_SAFE_INTEGER],
])('takes the number %s', (text, value) => {
	expect(number('--idle', { whole: false })(text)).toBe(value);
});

test.each(['', ' ', '-1', '+1', 'abc', 'NaN', 'Infinity', '1e400', '0x10', '1,5', `1${'0'.repeat(400)}`])(
	'rejects "%s" as a number',
	(text) => {
		expect(() => number('--idle', { whole: false })(text)).toThrow(`--idle ${text}: expected a number, 0 or more`);
	},
);

test.each(['65536', '99999', '-1', '3000.5', 'abc', ''])('rejects "%s" as a port', (text) => {
	expect(() => port(text)).toThrow(`--port ${text}: expected a whole number from 0 to 65535`);
});

describe('before anything starts, with the exit code for wrong usage', () => {
	test.each([
		['an option', ['--port', '99999'], {}, '--port 99999: expected a whole number from 0 to 65535'],
		['an unknown option', ['--prot', '4000'], {}, '--prot: unknown option; did you mean --port?'],
		[
			'a folder',
			['--data', import.meta.filename],
			{},
			`--data ${import.meta.filename}: expected a folder that this user can write to`,
		],
		['a variable', [], { DATABASE_URL: 'nonsense' }, 'DATABASE_URL is "nonsense": expected a URL like'],
	] as const)('start rejects %s', async (_what, args, env, message) => {
		const folder = mkdtempSync(join(tmpdir(), 'bodega-options-'));
		onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
		const data = join(folder, 'data');
		const { code, output } = await Command.run(root, ['start', '--data', data, ...args], { env });
		expect({ code, output, opened: existsSync(data) }).toEqual({
			code: 2,
			output: expect.stringContaining(message),
			opened: false,
		});
	});
});
