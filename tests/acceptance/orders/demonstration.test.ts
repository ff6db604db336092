import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, inject, onTestFinished, test } from 'vitest';
import { guard } from '../../../kit/process/guard.ts';
import { addBook } from '../books-stock.ts';
import { eventually, target } from '../setup/visitor.ts';

const shop = inject('shop');
const root = join(import.meta.dirname, '..', '..', '..');

/** A command of the document, and the lines that it prints; `…` stands for any lines. */
interface Typed {
	readonly command: string;
	readonly prints: readonly string[];
}

/** Returns the commands after `$` in the document's blocks, in their order. */
function commandsIn(document: string): Typed[] {
	const blocks = [...document.matchAll(/^```\n(.*?)^```$/gms)].map(([, block = '']) => block);
	return blocks
		.flatMap((block) => block.split(/^\$ /m).slice(1))
		.map((text) => {
			const [, command = '', output = ''] = /^((?:[^\n]*\\\n)*[^\n]*)\n(.*)$/s.exec(text) ?? [];
			return { command, prints: output.split('\n').filter(Boolean) };
		});
}

/** Replaces what differs from run to run: times, ids, numbers, the spaces that align them, and whether a function has started before. */
const plain = (line: string): string =>
	line
		.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z|[0-9a-f]{8}-[0-9a-f-]{27}|\d+(?:[.:]\d+)*/g, '#')
		.replace(/\s+/g, ' ')
		.replace(/ requests?( start # ms)?/, ' requests')
		.trim();

/** Returns whether the lines are printed, in this order, with others only where the document omits some. */
function isPrinted(prints: readonly string[], lines: readonly string[]): boolean {
	const [first, ...rest] = prints;
	if (first === undefined) return lines.length === 0;
	if (first === '…') return lines.some((_, index) => isPrinted(rest, lines.slice(index))) || isPrinted(rest, []);
	return lines[0] !== undefined && plain(first) === plain(lines[0]) && isPrinted(rest, lines.slice(1));
}

/** Opens a shell as a reader of the document has it, in this repository with the admin's password. */
function openShell(): (command: string) => Promise<readonly string[]> {
	const shell = guard(
		spawn('bash', ['--noprofile', '--norc'], {
			cwd: root,
			stdio: ['pipe', 'pipe', 'inherit'],
			env: { ...process.env, ADMIN_PASSWORD: shop.adminPassword },
		}),
	);
	onTestFinished(() => void shell.kill());
	shell.stdin?.write('exec 2>&1\n');
	const lines = createInterface({ input: shell.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
	return async (command) => {
		shell.stdin?.write(`${command}\necho "exit $?"\n`);
		const printed: string[] = [];
		for (;;) {
			const { value, done } = await lines.next();
			if (done) throw new Error(`the shell ended during: ${command}`);
			if (/^exit \d+$/.test(value)) {
				if (value !== 'exit 0') throw new Error(`${command}\n${printed.join('\n')}\n${value}`);
				return printed;
			}
			if (value) printed.push(value);
		}
	};
}

test.runIf(target === 'local')('the commands of the demonstration on a laptop print what it says', async () => {
	const document = readFileSync(join(root, 'docs', 'demonstration-laptop.md'), 'utf8');
	const commands = commandsIn(document);
	expect(commands.length).toBeGreaterThan(8);
	await addBook(1000);
	const type = openShell();
	for (const { command, prints } of commands) {
		// The shop of the tests has another port and another folder.
		const here = command
			.replaceAll('localhost:3000', new URL(shop.url).host)
			.replace(/npx bodega [a-z]+/g, `$& --data ${shop.data}`);
		const printed = await type(here);
		if (isPrinted(prints, printed)) continue;
		// The states of functions take a while.
		const isState = command.startsWith('npx bodega status');
		const again = async () => isState && isPrinted(prints, await type(here));
		if (!isState || !(await eventually(`${command} prints\n${prints.join('\n')}`, again, 60)))
			expect(printed).toEqual(prints);
	}
});
