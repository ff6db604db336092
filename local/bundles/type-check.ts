import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from '../../build/esbuild.ts';
import { guardGroup } from '../../kit/process/guard.ts';
import { surroundings } from '../service/surroundings.ts';

const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

/** Milliseconds after a save, in which an editor or git can save more files. */
const settling = 200;
/** The longest time of one check, in milliseconds. */
const limit = 120_000;
/** The most lines that are printed. */
const most = 30;

/**
 * Checks the types of the whole project after a save, and prints the errors. Each check is a process of its own that reads what
 * the last one stored: it takes a second, and no memory afterwards. A compiler that watches would hold 300 MB.
 */
export class TypeCheck {
	readonly #stored: string;
	readonly #say: (text: string) => void;
	#timer: NodeJS.Timeout | undefined;
	#running = false;
	/** Whether a source was saved during the running check. */
	#again = false;
	#closed = false;
	/** The errors of the last check. */
	#errors = '';

	/** @param stored the file in which the compiler stores its results for the next check */
	constructor(stored: string, say: (text: string) => void) {
		this.#stored = stored;
		this.#say = say;
	}

	/** Checks soon, because a source was saved. Does nothing without the compiler, which a production install leaves out. */
	saved(): void {
		if (this.#closed || !existsSync(compiler)) return;
		this.#again = this.#running;
		if (this.#running) return;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.#check(), settling);
	}

	close(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
	}

	async #check(): Promise<void> {
		this.#running = true;
		const errors = await this.#compile().catch((error: Error) => `the types could not be checked: ${error.message}`);
		this.#running = false;
		if (this.#closed) return;
		if (errors !== this.#errors) this.#say(errors || 'no type errors are left');
		this.#errors = errors;
		if (this.#again) this.saved();
	}

	/** Returns the errors with their places, as `functions/books/http.ts:12:5: error TS2345: …`. */
	async #compile(): Promise<string> {
		const options = ['--noEmit', '--pretty', 'false', '--incremental', '--tsBuildInfoFile', this.#stored];
		const child = guardGroup(
			spawn(process.execPath, [compiler, '-p', root, ...options, '--singleThreaded'], {
				cwd: root,
				env: surroundings(),
				stdio: ['ignore', 'pipe', 'ignore'],
				timeout: limit,
				detached: true,
			}),
		);
		// The shop's requests come first.
		if (child.pid) setPriority(child.pid, constants.priority.PRIORITY_LOW);
		const output = await new Promise<string>((resolve, reject) => {
			child.once('error', reject);
			text(child.stdout).then(resolve, reject);
		});
		const lines = output.trimEnd().split('\n');
		const shown = lines.slice(0, most).map((line) => line.replace(/^(\S+)\((\d+),(\d+)\): /, '$1:$2:$3: '));
		const rest = lines.length > most ? [`… and ${lines.length - most} more lines: npm run check shows all`] : [];
		return [...shown, ...rest].join('\n');
	}
}
