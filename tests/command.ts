import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { expect } from 'vitest';
import type { Running } from '../local/running.ts';
import { alive, treeOf } from './run/processes.ts';

/** The admin's password in every shop, so that sign-in does not depend on which start created the account. */
export const adminPassword = 'the password of these tests';

/** A running `bodega` command, in a copy of the project. */
export class Command {
	readonly child: ChildProcess;
	readonly exit: Promise<number | null>;
	/** Resolves when all output is read. */
	readonly #whole: Promise<void>;
	readonly #lines: string[] = [];
	readonly #listeners = new Set<() => void>();
	#ended = false;

	constructor(copy: string, args: readonly string[], { env = {}, prefix = [] }: Surroundings = {}) {
		const [file = '', ...rest] = [...prefix, join(copy, 'bodega'), ...args];
		const { PATH = '', HOME = '' } = process.env;
		this.child = spawn(file, rest, {
			cwd: copy,
			stdio: ['ignore', 'pipe', 'pipe'],
			// As under npm: the command then ends when its parent does, for example when these tests are killed.
			env: { PATH, HOME, npm_command: 'start', ADMIN_PASSWORD: adminPassword, ...env },
			detached: true, // Starts a process group, as a terminal does.
		});
		const streams = [this.child.stdout, this.child.stderr] as Readable[];
		for (const input of streams)
			createInterface({ input }).on('line', (line) => {
				this.#lines.push(line);
				this.#tell();
			});
		this.exit = once(this.child, 'exit').then(async ([code]) => code as number | null);
		this.#whole = Promise.all(streams.map((stream) => once(stream, 'close'))).then(() => {
			this.#ended = true;
			this.#tell();
		});
	}

	get output(): string {
		return this.#lines.join('\n');
	}

	#tell(): void {
		for (const listener of [...this.#listeners]) listener();
	}

	/** Resolves when the output from line `from` on matches `pattern`. @throws {Error} if the command ends without a match. */
	said(pattern: RegExp, from = 0): Promise<RegExpExecArray> {
		return new Promise((resolve, reject) => {
			const look = (): void => {
				const found = pattern.exec(this.#lines.slice(from).join('\n'));
				if (!found && !this.#ended) return;
				this.#listeners.delete(look);
				if (found) resolve(found);
				else reject(new Error(`the command ended without printing ${pattern}:\n${this.output}`));
			};
			this.#listeners.add(look);
			look();
		});
	}

	/** Runs a command to its end. */
	static async run(
		copy: string,
		args: readonly string[],
		surroundings?: Surroundings,
	): Promise<{ code: number | null; output: string }> {
		const command = new Command(copy, args, surroundings);
		const code = await command.exit;
		await command.#whole;
		return { code, output: command.output };
	}

	/** The number of lines printed so far. */
	get length(): number {
		return this.#lines.length;
	}

	/** The ids of its process and of all descendants. */
	get processes(): number[] {
		return treeOf(this.child.pid as number).map(({ pid }) => pid);
	}

	/** Its process group as an argument of `process.kill`; a terminal sends SIGINT to the group at Ctrl-C. */
	get group(): number {
		return -(this.child.pid as number);
	}

	/**
	 * Signals one of its processes or its group, waits until all of them have ended, and returns the exit code. Each ends
	 * within 2 s of its parent; the limit is longer, because the machine can be busy.
	 */
	async end(signal: NodeJS.Signals, pid = this.child.pid as number): Promise<number | null> {
		const gone = this.gone();
		process.kill(pid, signal);
		await gone;
		return await this.exit;
	}

	/** Waits until all of its present processes have ended. */
	async gone(): Promise<void> {
		const { processes } = this;
		try {
			await expect.poll(() => alive(processes), { interval: 50, timeout: 5_000 }).toEqual([]);
		} finally {
			for (const [left] of alive(processes)) process.kill(left, 'SIGKILL');
		}
	}
}

export interface Surroundings {
	readonly env?: Readonly<Record<string, string>>;
	/** A command that runs `bodega`, with its arguments. */
	readonly prefix?: readonly string[];
}

/** A running `bodega start` whose shop is open. */
export class Shop extends Command {
	readonly #data: string;

	private constructor(copy: string, data: string, args: readonly string[], surroundings: Surroundings) {
		super(copy, ['start', '--data', data, ...args], surroundings);
		this.#data = data;
	}

	static async open(
		copy: string,
		data: string,
		args: readonly string[],
		surroundings: Surroundings = {},
	): Promise<Shop> {
		const shop = new Shop(copy, data, args, surroundings);
		await shop.said(/Stop +Ctrl-C/);
		return shop;
	}

	get running(): Running {
		return JSON.parse(readFileSync(join(this.#data, 'running.json'), 'utf8')) as Running;
	}

	/** Signs in as the first admin and returns the headers. */
	async admin(): Promise<{ authorization: string }> {
		const answer = await this.fetch('/api/users/session', {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ email: 'admin@bodega.local', password: adminPassword }),
		});
		const { access_token } = (await answer.json()) as { access_token: string };
		return { authorization: `Bearer ${access_token}` };
	}

	/** The headers for the guarded parts of its control API. */
	get control(): { authorization: string } {
		return { authorization: `Bearer ${readFileSync(join(this.#data, 'control-token'), 'utf8')}` };
	}

	/** The ids of its broker and of the instances of each Service. */
	async processesOf(): Promise<{ broker: number; functions: Record<string, number[]> }> {
		const answer = await fetch(`${this.running.control}/processes`, { headers: this.control });
		return (await answer.json()) as { broker: number; functions: Record<string, number[]> };
	}

	fetch(path: string, init?: RequestInit): Promise<Response> {
		return fetch(`${this.running.url}${path}`, init);
	}
}
