import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

/** What a shop that is open tells of itself, in `running.json` beside its data. */
export interface Running {
	readonly pid: number;
	readonly url: string;
	/** The control API. */
	readonly control: string;
	/** The address of each Service within the shop. */
	readonly urls: Readonly<Record<string, string>>;
}

const fileIn = (data: string): string => join(data, 'running.json');

/** Tells of an open shop until the answer is called. */
export function tellRunning(data: string, running: Running): () => void {
	writeFileSync(fileIn(data), JSON.stringify(running));
	return () => rmSync(fileIn(data), { force: true });
}

/** The shop that is open on these data, if one is. */
export async function findRunning(data: string): Promise<Running | undefined> {
	const running = read(data);
	return running && (await answers(running)) ? running : undefined;
}

/** @throws {Error} that says what to do when a shop is open on these data. */
export async function refuseSecond(data: string): Promise<void> {
	const running = await findRunning(data);
	if (!running) return;
	throw new Error(
		`it already runs at ${running.url}, with its data in ${data}. Use that one, stop it first (Ctrl-C in its terminal, ` +
			`or: kill ${running.pid}), or open another beside it with --data <folder>.`,
	);
}

/** Stops the shop that is open on these data, and waits until it has closed. Answers whether one was. */
export async function stopRunning(data: string): Promise<boolean> {
	const running = await findRunning(data);
	if (!running) return false;
	process.kill(running.pid, 'SIGTERM');
	while (isAlive(running.pid)) await after(100);
	process.stdout.write(`The shop at ${running.url} is closed; its data stay in ${data}.\n`);
	return true;
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

function read(data: string): Running | undefined {
	try {
		return JSON.parse(readFileSync(fileIn(data), 'utf8')) as Running;
	} catch {
		return undefined;
	}
}

/** Whether it is there still: one that was killed leaves its file, and its process's number may be another's by now. */
async function answers({ pid, control }: Running): Promise<boolean> {
	if (!isAlive(pid)) return false;
	try {
		return (await fetch(`${control}/functions`, { signal: AbortSignal.timeout(2_000) })).ok;
	} catch {
		return false;
	}
}
