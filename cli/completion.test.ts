import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { base, functions } from '../functions/index.ts';
import { root } from './commands/options.ts';
import { completion } from './completion.ts';
import { createProgram } from './program.ts';

const program = createProgram();
const scripts = {
	bash: await completion(program, 'bash'),
	zsh: await completion(program, 'zsh'),
	fish: await completion(program, 'fish'),
};
const names = functions.map(({ name }) => name);
const own = functions.filter((fn) => !base.includes(fn)).map(({ name }) => name);

/** Returns what each shell offers for the last word of a line, by the means with which it completes at a prompt. */
const shellOf = {
	bash: (line: string) => {
		const words = line.replace(/=/g, ' = ').split(/ +/);
		const quoted = words.map((word) => `'${word}'`).join(' ');
		return [
			'bash',
			'--noprofile',
			'--norc',
			'-c',
			`${scripts.bash}
			complete -p bodega npx >/dev/null || exit 1
			COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _bodega; printf '%s\\n' "\${COMPREPLY[@]}"`,
		];
	},
	fish: (line: string) => [
		'fish',
		'--no-config',
		'-c',
		`${scripts.fish}\ncomplete -C '${line}' | string replace -r '\\t.*' ''`,
	],
};

function complete(shell: keyof typeof shellOf, line: string): string[] {
	const [file = '', ...args] = shellOf[shell](line);
	const { stdout, stderr } = spawnSync(file, args, { encoding: 'utf8', cwd: root });
	expect(stderr).toBe('');
	return stdout.split('\n').filter(Boolean).sort();
}

const has = (program: string): boolean => spawnSync(program, ['-c', 'true']).status === 0;

const cases: readonly (readonly [line: string, wanted: readonly string[]])[] = [
	['bodega sta', ['start', 'status']],
	['npx bodega sta', ['start', 'status']],
	['bodega password', []],
	['bodega logs books-on', []],
	...own.slice(0, 1).map((name) => [`bodega remove ${name}`, [name]] as const),
	['bodega remove gatew', []],
	['bodega logs gatew', ['gateway']],
	['bodega status --', ['--data', '--json', '--namespace']],
	['bodega status -n shop --', ['--data', '--json']],
	['bodega status --data x --j', ['--json']],
	['bodega logs --s', ['--since']],
	['bodega admin pass', ['password']],
	['bodega admin password --a', ['--ask']],
	['bodega start --on ', ['cluster', 'laptop']],
	['bodega start --on=c', ['cluster']],
	['bodega start --port st', []],
	['bodega start --port 80 --p', []],
	['bodega secrets r', ['rotate']],
	['bodega drill lat', ['latency']],
	['bodega drill latency lat', []],
	['bodega drill failures --p', ['--percent']],
	['bodega drill broker --p', []],
	['bodega completion z', ['zsh']],
	['bodega deploy --promote --c', []],
	['bodega deploy --canary 10% --pro', ['--profile']],
	['bodega deploy --no-', ['--no-monitoring']],
	['bodega deploy --monitoring --no-', []],
	['bodega chaos --target ', ['cluster', 'local']],
	['bodega restore package.j', ['package.json']],
	['bodega broker -f package.j', ['package.json']],
	['bodega start package.j', []],
];

test.each(cases)('bash completes "%s"', (line, wanted) => {
	expect(complete('bash', line)).toEqual(wanted);
});

test('bash offers each function once', () => {
	expect(complete('bash', 'bodega logs ').filter((word) => names.includes(word))).toEqual(names.toSorted());
	expect(complete('bash', 'bodega logs gateway gatew')).toEqual([]);
});

// Fish writes the value with its option.
const inFish = (line: string, wanted: readonly string[]) =>
	line.includes('=') ? wanted.map((word) => `--on=${word}`) : wanted;

test.runIf(has('fish')).each(cases)('fish completes "%s"', (line, wanted) => {
	expect(complete('fish', line)).toEqual(inFish(line, wanted));
});

test.runIf(has('zsh'))('zsh accepts its script', () => {
	const { status, stderr } = spawnSync('zsh', ['-n', '-c', scripts.zsh], { encoding: 'utf8' });
	expect([status, stderr]).toEqual([0, '']);
});
