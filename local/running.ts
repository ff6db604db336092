import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { UsageError } from '../kit/process/usage-error.ts';
import { takeLock } from './start/lock.ts';

/** A running shop's entry in `running.json` in its data folder. While the shop opens, it has only the process id. */
export interface Running {
	readonly pid: number;
	readonly url: string;
	/** The control API. */
	readonly control: string;
	/** The address of each Service within the shop. */
	readonly urls: Readonly<Record<string, string>>;
}

const fileIn = (data: string): string => join(data, 'running.json');

/** Writes `running.json`, which is removed when this process exits. */
export function tellRunning(data: string, running: Running): void {
	writeFileSync(fileIn(data), JSON.stringify(running));
}

export async function findRunning(data: string): Promise<Running | undefined> {
	const running = read(data);
	return isOpen(running) && (await answers(running)) ? running : undefined;
}

/**
 * Creates the folder of the data, and makes this process the only shop there.
 * @throws {Error} with the remedy, if there is another
 * @throws {UsageError} when the folder cannot be written
 */
export function claimData(data: string): void {
	let isFree: boolean;
	try {
		mkdirSync(data, { recursive: true, mode: 0o700 });
		isFree = takeLock(join(data, 'lock'));
	} catch (cause) {
		const why = (cause as Error).message;
		throw new UsageError(`--data ${data}: expected a folder that this user can write to: ${why}`, { cause });
	}
	if (!isFree) {
		const { url, pid } = read(data) ?? {};
		throw new Error(
			`it already ${url ? `runs at ${url}` : 'opens in another process'}, with its data in ${data}. Use that one, stop it ` +
				`first (Ctrl-C in its terminal${pid ? `, or: kill ${pid}` : ''}), or start another shop with --data <folder>.`,
		);
	}
	writeFileSync(fileIn(data), JSON.stringify({ pid: process.pid }));
	process.once('exit', () => rmSync(fileIn(data), { force: true }));
}

/** Stops the shop that runs on these data and waits until it has closed. Returns whether there was one. */
export async function stopRunning(data: string): Promise<boolean> {
	const running = await findRunning(data);
	if (!running) return false;
	process.kill(running.pid, 'SIGTERM');
	while (isAlive(running.pid)) await after(100);
	process.stdout.write(`The shop at ${running.url} has stopped; its data remains in ${data}.\n`);
	return true;
}

export function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		// A process of another user cannot be signalled, but it runs.
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

function read(data: string): Partial<Running> | undefined {
	try {
		return JSON.parse(readFileSync(fileIn(data), 'utf8')) as Partial<Running>;
	} catch {
		return undefined;
	}
}

const isOpen = (running: Partial<Running> | undefined): running is Running => running?.control !== undefined;

/** A killed shop leaves its file, and its process id can belong to another program. */
async function answers({ pid, control }: Running): Promise<boolean> {
	if (!isAlive(pid)) return false;
	try {
		return (await fetch(`${control}/functions`, { signal: AbortSignal.timeout(2_000) })).ok;
	} catch {
		return false;
	}
}
