import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { isAlive } from '../../local/running.ts';

/** Runs a process that guards children. `script` assigns the ids that it reports to `pids`. */
async function guarding(script: string): Promise<{ owner: ChildProcess; pids: number[] }> {
	const text = `
		import { spawn } from 'node:child_process';
		import { once } from 'node:events';
		import { guard, guardGroup } from ${JSON.stringify(new URL('guard.ts', import.meta.url).href)};
		const start = (command, options = {}) => spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'ignore'], detached: true, ...options });
		let pids = [];
		${script}
		console.log(JSON.stringify(pids));
		setInterval(() => {}, 1000);`;
	const owner = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['ignore', 'pipe', 'inherit'] });
	const [line] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
	const pids = JSON.parse(line) as number[];
	onTestFinished(() => {
		for (const pid of [owner.pid as number, ...pids]) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
	});
	return { owner, pids };
}

/** Kills the process and waits until its children have ended. */
async function end(owner: ChildProcess, pids: number[]): Promise<void> {
	expect(pids.filter(isAlive)).toEqual(pids);
	owner.kill('SIGKILL');
	await expect.poll(() => pids.filter(isAlive), { interval: 20, timeout: 5_000 }).toEqual([]);
}

const stubborn = `trap '' TERM INT; while :; do sleep 1; done`;

test('ends children that ignore signals or are suspended', async () => {
	const { owner, pids } = await guarding(`
		const children = [guard(start(${JSON.stringify(stubborn)})), guard(start('sleep 100')), guard(start('sleep 101'), 'INT')];
		pids = children.map(({ pid }) => pid);
		process.kill(pids[1], 'SIGSTOP');
		process.kill(pids[2], 'SIGSTOP');`);
	await end(owner, pids);
});

test('ends a whole process group', async () => {
	const { owner, pids } = await guarding(`
		const leader = guardGroup(start('sleep 100 & echo $!; wait'));
		const [inner] = await once(leader.stdout, 'data');
		pids = [leader.pid, Number(inner)];`);
	await end(owner, pids);
});

test('sends SIGQUIT to a Postgres that does not shut down in time', async () => {
	const { owner, pids } = await guarding(`pids = [guard(start(${JSON.stringify(stubborn)}), 'INT').pid];`);
	await end(owner, pids);
});

test.runIf(process.platform === 'linux')('replaces a watchdog that is killed', async () => {
	const { owner, pids } = await guarding(`
		pids = [guard(start('sleep 100')).pid];`);
	const children = () =>
		readFileSync(`/proc/${owner.pid}/task/${owner.pid}/children`, 'utf8').trim().split(' ').map(Number);
	const [watchdog] = children().filter((pid) => !pids.includes(pid)) as [number];
	process.kill(watchdog, 'SIGKILL');
	await expect.poll(() => children().filter((pid) => ![...pids, watchdog].includes(pid))).toHaveLength(1);
	await end(owner, pids);
});
