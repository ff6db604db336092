import type { Command } from 'commander';
import { expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { Command as Process } from '../tests/command.ts';
import { root } from './commands/options.ts';
import { createProgram } from './program.ts';
import { pathOf } from './usage.ts';

const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];
const commands = all(createProgram());

/** Returns a command's help, as in a terminal of 80 columns. */
function helpOf(command: Command): string {
	const parts: string[] = [];
	const columns = { getOutHelpWidth: () => 80, writeOut: (part: string) => void parts.push(part) };
	command.configureOutput(columns).outputHelp();
	return parts.join('');
}

test.each(commands.map((command) => [pathOf(command), command] as const))(
	'the help of %s fits a terminal of 80 columns and 24 lines',
	(_path, command) => {
		const lines = helpOf(command).trimEnd().split('\n');
		expect(lines.filter((line) => line.length > 80)).toEqual([]);
		expect(lines.length).toBeLessThanOrEqual(24);
	},
);

test('the help of the program lists every command in a group', () => {
	const help = helpOf(createProgram());
	for (const command of commands.slice(1).filter(({ parent }) => !parent?.parent)) {
		expect(help).toMatch(new RegExp(`(^| ) ${command.name()} +${command.summary()}( {2}|$)`, 'm'));
		expect([command.name(), command.summary().length, command.helpGroup()]).toEqual([
			command.name(),
			expect.toSatisfy((length) => length > 0 && length < 26),
			expect.stringMatching(/:$/),
		]);
	}
});

test('the help of each command starts with an imperative', () => {
	for (const command of commands) expect(command.description()).toMatch(/^[A-Z][a-z]*[a-rt-z] (?!to\b)/);
});

/** The lines of a command's examples. */
const examplesOf = (command: Command): string[] =>
	[...(helpOf(command).split('Examples:\n')[1] ?? '').matchAll(/npx bodega (.*?)( {2}|\)| \|)/g)].map(
		([, line = '']) => line,
	);

test.each(commands.filter((command) => !command.commands.length).map((command) => [pathOf(command), command] as const))(
	'%s has examples, which are valid',
	async (path, command) => {
		const lines = examplesOf(command);
		expect(lines.length).toBeGreaterThan(0);
		for (const line of lines) {
			const program = createProgram();
			const ran: string[] = [];
			for (const each of all(program)) if (!each.commands.length) each.action(() => void ran.push(pathOf(each)));
			await program.parseAsync(line.split(' '), { from: 'user' });
			expect(ran).toEqual([path]);
		}
	},
);

test.each([
	['strat', 'strat: unknown command; did you mean start?', 'bodega'],
	['nothing', /^nothing: unknown command; expected one of start, stop, /, 'bodega'],
	['start --prot 1', '--prot: unknown option; did you mean --port?', 'bodega start'],
	['status --x', '--x: unknown option; expected one of --data, --namespace, --json', 'bodega status'],
	['generate --x', '--x: unknown option; expected none', 'bodega generate'],
	['stop now', 'now: unexpected; expected no argument', 'bodega stop'],
	['restore one two', 'two: unexpected; expected at most 1 argument', 'bodega restore'],
	['restore', /^bodega restore: expected <file>: /, 'bodega restore'],
	['admin', 'bodega admin: expected a command: password', 'bodega admin'],
	['secrets rotat', 'rotat: unknown command; did you mean rotate?', 'bodega secrets'],
	['start --port', /^--port: expected a value: port of /, 'bodega start'],
	['start --on', '--on: expected a value: laptop, cluster', 'bodega start'],
	['start --on moon', '--on moon: expected one of laptop, cluster', 'bodega start'],
	['completion tcsh', 'tcsh: expected one of bash, zsh, fish', 'bodega completion'],
	['deploy --promote --rollback', /cannot be combined with/, 'bodega deploy'],
	['broker', /expected this option/, 'bodega broker'],
	['bench --only hope', /^--only hope: expected one of /, 'bodega bench'],
	['profile hope', /^hope: expected one of /, 'bodega profile'],
	['new Gift', /^"Gift" is not a function name: expected /, 'bodega new'],
] as const)(
	'%s ends with 2, and says what was found, what was expected, and where to read more',
	async (line, message, help) => {
		const { code, output } = await Process.run(root, line.split(' '));
		const [first = '', ...rest] = output.split('\n');
		expect([code, rest]).toEqual([2, [`See: npx ${help} --help`]]);
		if (typeof message === 'string') expect(first).toBe(message);
		else expect(first).toMatch(message);
	},
);

test.each(['--version', '-V'])('%s prints the version', async (flag) => {
	expect(await Process.run(root, [flag])).toEqual({ code: 0, output: `bodega ${manifest.version}` });
});

test('without a command prints the help', async () => {
	expect(await Process.run(root, [])).toEqual({ code: 0, output: helpOf(createProgram()).trimEnd() });
});
