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

/** Whether a shop is opening there. It has no address yet. */
export function isOpening(data: string): boolean {
	const running = read(data);
	return running?.pid !== undefined && !isOpen(running) && isAlive(running.pid);
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

/** The limits of waiting, in milliseconds. A shop closes within a few seconds. */
const patience = { answer: 2_000, stop: 30_000 } as const;

/** Stops a running shop and waits until it has closed. @throws {Error} with the remedy, if it does not close within 30 s */
export async function stopRunning({ pid, url }: Running): Promise<void> {
	process.kill(pid, 'SIGTERM');
	for (const end = performance.now() + patience.stop; isAlive(pid); await after(100))
		if (performance.now() > end)
			throw new Error(
				`The shop at ${url} has not closed within 30 s. See its terminal, or end its process: kill -9 ${pid}`,
			);
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

/**
 * Returns whether the process is a shop: a killed shop leaves its file, and its process id can belong to another program. A
 * shop that is too busy to answer counts as running, because a command must not turn to another shop instead.
 */
async function answers({ pid, control }: Running): Promise<boolean> {
	if (!isAlive(pid)) return false;
	try {
		return (await fetch(`${control}/functions`, { signal: AbortSignal.timeout(patience.answer) })).ok;
	} catch (error) {
		return (error as Error).name === 'TimeoutError';
	}
}
