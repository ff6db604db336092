import { execFileSync } from 'node:child_process';
import { readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Returns the setting that holds the supervisor's process id. It must come first after `-D <data>`. Unlike a file, a
 * command line exists exactly as long as its process.
 */
export const ownerSetting = (pid: number | ''): string => `cluster_name=bodega-${pid}`;

/**
 * Prepares `data` for a new Postgres: stops one whose supervisor has gone, and removes a `postmaster.pid` whose process
 * id now belongs to another program.
 * @throws when the supervisor is alive, or when Postgres does not stop within 15 s
 */
export async function stopLeftover(data: string, log: (line: string) => void): Promise<void> {
	const pid = readPid(data);
	const found = pid && inspect(pid);
	if (!found) return; // Postgres itself removes the pid file of a dead process.
	if (!found.command.includes(`-D ${data} -c ${ownerSetting('')}`)) {
		// A zombie or another program. A Postgres started by someone else is left alone: Postgres itself reports that
		// conflict.
		if (!/(^|\/)postgres /.test(found.command)) unlinkSync(join(data, 'postmaster.pid'));
		return;
	}
	// An orphan has a new parent, so the ids differ even if another process reuses the supervisor's id.
	if (found.command.includes(`${ownerSetting(found.parent)} `)) {
		throw new Error(
			`Bodega already runs on ${data}, as process ${found.parent}. Use that one, or stop it first ` +
				`(Ctrl-C in its terminal, or: kill ${found.parent}).`,
		);
	}
	log(`Stopping the Postgres (process ${pid}) left by an earlier run`);
	for (const [signal, seconds] of [
		['SIGINT', 10],
		['SIGQUIT', 5],
	] as const) {
		try {
			process.kill(pid, signal);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
		}
		for (const end = performance.now() + seconds * 1000; performance.now() < end; await delay(10)) {
			if (readPid(data) !== pid || !inspect(pid)?.command.includes('postgres ')) return;
		}
	}
	throw new Error(`The Postgres left on ${data} by an earlier run does not stop. End it with: kill -9 ${pid}`);
}

function readPid(data: string): number | undefined {
	try {
		return Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10) || undefined;
	} catch {
		return undefined;
	}
}

/** Returns a process's parent and command line, ending in a space, or undefined. A zombie's command line is empty. */
function inspect(pid: number): { parent: number; command: string } | undefined {
	try {
		if (process.platform === 'linux') {
			const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
			const status = readFileSync(`/proc/${pid}/status`, 'utf8');
			return { command, parent: Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]) };
		}
		const answer = execFileSync('ps', ['-ww', '-o', 'ppid=,command=', '-p', String(pid)], { encoding: 'utf8' });
		const [, parent, command] = /^\s*(\d+)\s+(.*)/.exec(answer) ?? [];
		return command ? { command: `${command} `, parent: Number(parent) } : undefined;
	} catch {
		return undefined;
	}
}
