import { spawnSync } from 'node:child_process';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addClusterCommands } from './commands/cluster.ts';
import { addDevelopmentCommands } from './commands/development.ts';
import { addShopCommands } from './commands/shop.ts';
import { completion } from './completion.ts';

const program = new Command('bodega');
for (const add of [addShopCommands, addClusterCommands, addDevelopmentCommands]) add(program);

/** Returns the words that bash offers for the last word of a line. */
function complete(line: string): string[] {
	const words = line.split(' ');
	const quoted = words.map((word) => `'${word}'`).join(' ');
	const script = `${completion(program, 'bash')}
COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _bodega; echo "\${COMPREPLY[@]}"`;
	return spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.trim().split(' ');
}

test.each([
	['bodega sta', ['start', 'status']],
	['bodega logs o', ['orders']],
	['bodega logs books --s', ['--since']],
	['bodega status --', ['--data', '--namespace', '--json']],
	['bodega admin p', ['password']],
	['bodega admin password --a', ['--ask']],
	['bodega start --on c', ['cluster']],
	['bodega secrets r', ['rotate']],
	['bodega drill b', ['books', 'billing', 'broker']],
	['bodega drill broker --p', ['--percent']],
	['bodega completion z', ['zsh']],
])('bash completes "%s"', (line, wanted) => {
	expect(complete(line)).toEqual(wanted);
});

const all = (command: Command): Command[] => command.commands.flatMap((each) => [each, ...all(each)]);

test('the help of each command starts with an imperative', () => {
	for (const command of all(program)) expect(command.description()).toMatch(/^[A-Z][a-z]*[a-rt-z] (?!to\b)/);
});
