import { readFileSync } from 'node:fs';
import type { Reach } from '../../tests/acceptance/setup/shop.ts';
import { treeOf } from '../../tests/run/processes.ts';

/** The unit of utime and stime in `/proc/PID/stat`: `sysconf(_SC_CLK_TCK)` is 100 on every Linux that Node supports. */
const tick = 10;

/** The times of a process since its start, in milliseconds. */
export interface Usage {
	readonly processor: number;
	/** For how long its first thread could have run, and had no core. */
	readonly waiting: number;
}

/** The usage of each part of a shop. */
export type Usages = ReadonlyMap<string, Usage>;

/**
 * Reads the usage of the shop's parts: each Service by its name, `broker`, `postgres of NAME` for the connections of a
 * function, `postgres` for the rest of it, `client` for this process, and `shop`. Needs Linux.
 */
export async function usages({ control = '', controlToken }: Reach): Promise<Usages> {
	const answer = await fetch(`${control}/processes`, { headers: { authorization: `Bearer ${controlToken}` } });
	const { broker, functions } = (await answer.json()) as { broker: number; functions: Record<string, number[]> };
	const names = new Map([
		[broker, 'broker'],
		[process.pid, 'client'],
	]);
	for (const [name, pids] of Object.entries(functions)) for (const pid of pids) names.set(pid, name);
	const found = new Map<string, Usage>();
	for (const { pid, command } of treeOf(process.pid)) {
		// The title of a connection begins with the name of the cluster, if it has one.
		const [, role] = /^postgres: .*\bbodega_(\w+) /.exec(command) ?? [];
		const isPostgres = /^postgres: |bin\/postgres /.test(command);
		const part = names.get(pid) ?? (role ? `postgres of ${role}` : isPostgres ? 'postgres' : 'shop');
		const [own, others] = [usageOf(pid), found.get(part) ?? none];
		found.set(part, {
			processor: own.processor + others.processor,
			waiting: own.waiting + others.waiting,
		});
	}
	return found;
}

const none: Usage = { processor: 0, waiting: 0 };

/** Returns the usage of a process, which is none when it has ended. */
export function usageOf(pid: number): Usage {
	try {
		// proc(5): the name is in parentheses and can contain spaces. utime is field 14, and stime is 15.
		const [, fields = ''] = /.*\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
		const [utime, stime] = fields.split(' ').slice(11);
		// Linux' sched-stats.rst: the second field is the time in the run queue, in nanoseconds.
		const [, queued] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
		return { processor: (Number(utime) + Number(stime)) * tick, waiting: Number(queued) / 1e6 };
	} catch {
		return none;
	}
}

/** Returns the time for which this machine's cores have been busy, all cores together, in milliseconds. */
export function busyTime(): number {
	// proc(5): user, nice, system, idle, iowait, irq, softirq and steal; the rest is part of user and nice.
	const [user = 0, nice = 0, system = 0, , , ...others] = (
		/^cpu +(.*)/.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? ''
	)
		.split(' ')
		.slice(0, 8)
		.map(Number);
	return [nice, system, ...others].reduce((sum, time) => sum + time, user) * tick;
}

/** Returns what each part has used from one reading to a later one. */
export const between = (before: Usages, after: Usages): Usages =>
	new Map(
		[...after].map(([part, { processor, waiting }]) => {
			const earlier = before.get(part) ?? none;
			return [part, { processor: processor - earlier.processor, waiting: waiting - earlier.waiting }];
		}),
	);

/** Returns the processor time of all parts, in milliseconds. */
export const total = (usages: Usages): number =>
	[...usages.values()].reduce((sum, { processor }) => sum + processor, 0);
