import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

/** A running shop's entry in `running.json` in its data folder. */
export interface Running {
	readonly pid: number;
	readonly url: string;
	/** The control API. */
	readonly control: string;
	/** The address of each Service within the shop. */
	readonly urls: Readonly<Record<string, string>>;
}

const fileIn = (data: string): string => join(data, 'running.json');

/** Writes `running.json`. The returned function removes it. */
export function tellRunning(data: string, running: Running): () => void {
	writeFileSync(fileIn(data), JSON.stringify(running));
	return () => rmSync(fileIn(data), { force: true });
}

export async function findRunning(data: string): Promise<Running | undefined> {
	const running = read(data);
	return running && (await answers(running)) ? running : undefined;
}

/** Checks that no shop runs on these data. @throws {Error} with the remedy, if one does. */
export async function refuseSecond(data: string): Promise<void> {
	const running = await findRunning(data);
	if (!running) return;
	throw new Error(
		`it already runs at ${running.url}, with its data in ${data}. Use that one, stop it first (Ctrl-C in its terminal, ` +
			`or: kill ${running.pid}), or start another shop with --data <folder>.`,
	);
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

function read(data: string): Running | undefined {
	try {
		return JSON.parse(readFileSync(fileIn(data), 'utf8')) as Running;
	} catch {
		return undefined;
	}
}

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
