import { execFileSync } from 'node:child_process';
import { readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * The setting, to come first after `-D <data>`, that tells the supervisor's process id. Unlike a file, a command line
 * lives exactly as long as its process.
 */
export const ownerSetting = (pid: number | ''): string => `cluster_name=bodega-${pid}`;

/**
 * Clears the way for a new Postgres in `data`: stops one whose supervisor is gone, and forgets a `postmaster.pid` whose
 * number by now is that of some other program.
 * @throws when its supervisor lives, or it does not stop within 15 s
 */
export async function stopLeftover(data: string, log: (line: string) => void): Promise<void> {
	const pid = readPid(data);
	const found = pid && inspect(pid);
	if (!found) return; // none, or one that is dead: Postgres clears that away by itself
	if (!found.command.includes(`-D ${data} -c ${ownerSetting('')}`)) {
		// A zombie, or by now another program. But a Postgres that other hands started is for Postgres to judge.
		if (!/(^|\/)postgres /.test(found.command)) unlinkSync(join(data, 'postmaster.pid'));
		return;
	}
	// Whoever is left behind gets a new parent, so the numbers differ even if the supervisor's is in use again.
	if (found.command.includes(`${ownerSetting(found.parent)} `)) {
		throw new Error(
			`Bodega already runs on ${data}, as process ${found.parent}. Use that one, or stop it first ` +
				`(Ctrl-C in its terminal, or: kill ${found.parent}).`,
		);
	}
	log(`Stopping the Postgres (process ${pid}) that an earlier run left behind`);
	for (const [signal, seconds] of [
		['SIGINT', 10],
		['SIGQUIT', 5],
	] as const) {
		try {
			process.kill(pid, signal);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
		}
		for (const end = Date.now() + seconds * 1000; Date.now() < end; await delay(10)) {
			if (readPid(data) !== pid || !inspect(pid)?.command.includes('postgres ')) return;
		}
	}
	throw new Error(`The Postgres that an earlier run left on ${data} does not stop. End it with: kill -9 ${pid}`);
}

function readPid(data: string): number | undefined {
	try {
		return Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10) || undefined;
	} catch {
		return undefined;
	}
}

/** The parent and the command line, ending in a space, of a process if there is one; a zombie's line is empty. */
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
