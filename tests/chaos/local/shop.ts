import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Owner, urlOf } from '../../../database/roles.ts';
import { eventsTarget } from '../../../kit/declare/declare.ts';
import type { Running } from '../../../local/running.ts';
import { shop as product } from '../../../shop.ts';
import { listProcesses, type Process, signal, treeOf } from '../../run/processes.ts';
import { startStandIns } from '../../stand-ins.ts';
import { everyTarget } from '../faults/effect.ts';
import { pause } from '../pause.ts';

const root = join(import.meta.dirname, '..', '..', '..');
/** Preferred; the shop takes the next free one. */
const port = '3470';
/** Lines of the shop's log that are stored, for the report of a shop that does not open. */
const kept = 200;

/** A shop on this machine, in a data folder of its own, opened by the command that its users type. */
export class LocalShop {
	readonly data = mkdtempSync(join(tmpdir(), 'bodega-chaos-'));
	readonly adminPassword = randomUUID();
	/** The last lines of its output. */
	readonly log: string[] = [];
	/** The processes that outlived a kill of the shop, although each has to end within two seconds; one that takes five is listed. */
	readonly orphans: string[] = [];
	readonly #stop: AbortSignal;
	readonly #processes = new Map<number, Process>();
	#shop: ChildProcess | undefined;
	#databasePort = 0;
	#outside: Awaited<ReturnType<typeof startStandIns>> | undefined;
	#looking: NodeJS.Timeout | undefined;

	/** @param stop interrupts the opening */
	constructor(stop: AbortSignal) {
		this.#stop = stop;
	}

	/** @throws {Error} with its output, when the shop does not open */
	async open(): Promise<void> {
		this.#outside ??= await startStandIns();
		const shop = spawn(join(root, 'bodega'), ['start', '--port', port, '--data', this.data, '--idle', '5'], {
			stdio: ['ignore', 'pipe', 'pipe'],
			// Ctrl-C in the terminal must not reach it: its end is part of the run.
			detached: true,
			env: {
				...process.env,
				// As under npm: the shop then ends when this process does, even if it is killed.
				npm_command: 'start',
				ADMIN_PASSWORD: this.adminPassword,
				LOG_LEVEL: 'warning',
				// The relay republishes lost events after 5 to 7 s instead of 30 to 90 s.
				RELAY_AFTER: '5',
				RELAY_SCHEDULE: '*/2 * * * * *',
				...this.#outside.env,
			},
		});
		this.#shop = shop;
		const opened = new Promise<boolean>((resolve) => {
			for (const stream of [shop.stdout, shop.stderr] as Readable[])
				createInterface({ input: stream }).on('line', (line) => {
					this.log.push(line);
					if (this.log.length > kept) this.log.shift();
					if (line.includes(`${product.title} is open`)) resolve(true);
				});
			shop.once('exit', () => resolve(false));
		});
		this.#looking = setInterval(() => this.#look(), 500);
		const interrupt = (): void => void shop.kill('SIGINT');
		this.#stop.addEventListener('abort', interrupt);
		const isOpen = await opened;
		this.#stop.removeEventListener('abort', interrupt);
		if (!isOpen) throw new Error(`the shop did not open:\n${this.log.join('\n')}`);
	}

	get running(): Running {
		return JSON.parse(readFileSync(join(this.data, 'running.json'), 'utf8')) as Running;
	}

	/** The process of Postgres that starts all others. @throws {Error} while there is none, or its file is not written yet */
	get postmaster(): number {
		const pid = Number(this.#pidFile()[0]);
		// A signal to process 0 would reach this process and its whole group.
		if (!(pid > 0)) throw new Error('the file postmaster.pid has no process id yet');
		return pid;
	}

	/** The port of Postgres; while Postgres restarts, its last one. */
	get databasePort(): number {
		try {
			this.#databasePort = Number(this.#pidFile()[3]) || this.#databasePort;
		} catch {
			// There is no file until Postgres has started again.
		}
		return this.#databasePort;
	}

	/** The first lines of postmaster.pid: the process, the folder, the start time, the port. */
	#pidFile(): string[] {
		return readFileSync(join(this.data, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n');
	}

	/** The superuser's URL. */
	get owner(): Owner {
		const password = readFileSync(join(this.data, 'postgres', 'password'), 'utf8').trim();
		const secret = readFileSync(join(this.data, 'role-secret'), 'utf8').trim();
		return { url: `postgresql://bodega:${password}@127.0.0.1:${this.databasePort}/bodega`, secret };
	}

	/** Sends a request to the control API. */
	async control<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
		const token = readFileSync(join(this.data, 'control-token'), 'utf8');
		const answer = await fetch(`${this.running.control}${path}`, {
			method,
			headers: { authorization: `Bearer ${token}` },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
			signal: AbortSignal.timeout(10_000),
		});
		if (!answer.ok) throw new Error(`the control API answered ${answer.status}: ${await answer.text()}`);
		return (await answer.json()) as Answer;
	}

	/** Leads every function to its database through a port of this machine. */
	async connectThrough(databasePort: number): Promise<void> {
		for (const { name, declaration } of everyTarget) {
			if (!declaration.data) continue;
			const url = new URL(urlOf(this.owner, declaration.name));
			url.port = String(databasePort);
			await this.control('PUT', `/functions/${name}/env`, { DATABASE_URL: url.href });
		}
	}

	/** The address at which the broker delivers to a function. */
	eventsUrl(fn: string): string {
		return this.running.urls[eventsTarget(fn)] ?? '';
	}

	#look(): void {
		for (const found of treeOf(this.#shop?.pid ?? 0)) this.#processes.set(found.pid, found);
	}

	/** Kills the shop's own process, the parent of all others. */
	kill(): void {
		this.#look();
		process.kill(this.running.pid, 'SIGKILL');
	}

	/** Opens a killed shop again, at the same address. @throws {Error} as `open` does */
	async reopen(): Promise<void> {
		await this.#gone('the shop was killed');
		if (!this.#stop.aborted) await this.open();
	}

	/** Closes the shop as its users do. */
	async close(): Promise<void> {
		const shop = this.#shop;
		if (shop && shop.exitCode === null && shop.signalCode === null) {
			this.#look();
			const exit = once(shop, 'exit', { signal: AbortSignal.timeout(30_000) });
			shop.kill('SIGINT');
			await exit.catch(() => {}); // Its processes are orphans then.
		}
		await this.#gone('the shop was closed');
		this.#outside?.close();
		rmSync(this.data, { recursive: true, force: true, maxRetries: 5 });
	}

	/** Waits up to 5 s until no process is left. Notes the others as orphans, and ends them. */
	async #gone(when: string): Promise<void> {
		clearInterval(this.#looking);
		let left = this.#left();
		for (const end = performance.now() + 5_000; left.length && performance.now() < end; left = this.#left())
			await pause(0.1);
		for (const { pid, command } of left) this.orphans.push(`after ${when}: process ${pid}, ${command.slice(0, 200)}`);
		signal(
			left.map(({ pid }) => pid),
			'SIGKILL',
		);
		this.#processes.clear();
	}

	/** The processes that the shop has had and that still run. The command tells a process from another with its old id. */
	#left(): Process[] {
		return listProcesses().filter(
			({ pid, command, state }) => state !== 'Z' && this.#processes.get(pid)?.command === command,
		);
	}
}
