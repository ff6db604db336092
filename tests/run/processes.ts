import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface Process {
	readonly pid: number;
	readonly ppid: number;
	/** `Z` for a process that has ended and whose parent has not read its exit code yet. */
	readonly state: string;
	readonly command: string;
}

/** Lists every process on this machine. On Linux it reads /proc, because a bare machine has no `ps`. */
export function listProcesses(): Process[] {
	if (process.platform !== 'linux') {
		const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' }).trim().split('\n');
		return lines.map((line) => {
			const [, pid, ppid, state = '', command = ''] = /^\s*(\d+)\s+(\d+)\s+(\S)\S*\s*(.*)/.exec(line) ?? [];
			return { pid: Number(pid), ppid: Number(ppid), state, command };
		});
	}
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.flatMap((name) => {
			try {
				// proc(5): the name is in parentheses, and can contain spaces and parentheses.
				const [, state = '', ppid] = /.*\) (\S) (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
				const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
				return [{ pid: Number(name), ppid: Number(ppid), state, command }];
			} catch {
				return []; // The process has ended.
			}
		});
}

/** Returns a process and all its descendants. */
export function treeOf(pid: number, all = listProcesses()): Process[] {
	const found = all.filter((each) => each.pid === pid);
	for (const { pid: parent } of found) found.push(...all.filter(({ ppid }) => ppid === parent));
	return found;
}

/** Returns those of the processes that have not ended. */
export const alive = (pids: readonly number[]): [pid: number, command: string][] =>
	listProcesses()
		.filter(({ pid, state }) => pids.includes(pid) && state !== 'Z')
		.map(({ pid, command }) => [pid, command]);

/** Sends a signal to processes. One that has ended gets none. */
export function signal(pids: readonly number[], name: NodeJS.Signals): void {
	for (const pid of pids)
		try {
			process.kill(pid, name);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
		}
}
