import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { Pool } from 'undici';
import { allocation, nodeOptions } from '../kit/process/node-options.ts';
import { freePort } from '../local/free-port.ts';
import { openLaptop } from '../tests/acceptance/setup/laptop.ts';
import type { Reach } from '../tests/acceptance/setup/shop.ts';
import { load } from './load.ts';
import { startProcess } from './process.ts';
import { type Goal, plainRow, type Row } from './row.ts';
import { bare } from './start/cold-start.ts';
import { asker, questions } from './throughput.ts';

const root = join(import.meta.dirname, '..');

interface Process {
	readonly pid: number;
	readonly parent: number;
	/** Resident memory in MB, with what it shares with others. */
	readonly resident: number;
}

/** Measures the memory of the whole shop while no function runs: npm, the shop, the broker and Postgres. */
export async function memoryAtRest(): Promise<Row[]> {
	const data = mkdtempSync(join(tmpdir(), 'bodega-bench-'));
	const port = await freePort();
	const options = ['start', '--', '--port', String(port), '--data', data, '--idle', '2', '--minify'];
	const npm = spawn('npm', options, { cwd: root, stdio: 'ignore' });
	const exit = once(npm, 'exit');
	while (!(await isAtRest(data))) await after(50);
	const all = treeOf(npm.pid as number).map(({ pid }) => [String(pid), pid] as const);
	const total = sum(await settled(new Map(all)));
	npm.kill('SIGTERM');
	await exit;
	rmSync(data, { recursive: true });
	return [plainRow('memory of the shop at rest, all processes', total, 'MB', { most: 250 })];
}

/** Whether the shop with this data folder is open, and no function has an instance. */
export async function isAtRest(data: string): Promise<boolean> {
	const file = join(data, 'running.json');
	if (!existsSync(file)) return false;
	const { control } = JSON.parse(readFileSync(file, 'utf8')) as { control?: string };
	// A shop that is still opening has no address.
	if (control === undefined) return false;
	const states = (await (await fetch(`${control}/functions`)).json()) as Record<string, { instances: number }>;
	return Object.values(states).every(({ instances }) => instances === 0);
}

/**
 * Measures the memory of each function that has answered a hundred requests and waits for the next one. Beside it is that after a
 * thousand more, 20 at once, when V8 has optimized their code. `node:http` alone is measured in the same way.
 */
export async function memoryOfFunctions(): Promise<Row[]> {
	const name = 'memory of a warm bare node:http';
	const peers = [
		await memoryOfPeer(name, [], {}),
		await memoryOfPeer(`${name} with a function’s options`, nodeOptions, allocation),
	];
	const shop = await openLaptop({ LOG_LEVEL: 'ERROR' }, 600, ['--minify']);
	const pool = new Pool(shop.reach.url, { connections: 20 });
	try {
		const ask = await asker(shop.reach, pool);
		const rooms = Object.entries(questions);
		for (const [room, path] of rooms) await load(100, 1, () => ask(room, path));
		const pids = await instancesOf(shop.reach);
		const few = await settled(pids);
		for (const [room, path] of rooms) await load(1_000, 20, () => ask(room, path));
		const many = await settled(pids);
		const own = rooms.map(([room]) =>
			warmRow(`memory of one warm function: ${room}`, few.get(room), many.get(room), { most: 60 }),
		);
		return [...peers, ...own];
	} finally {
		await pool.close();
		await shop.close();
	}
}

async function memoryOfPeer(
	name: string,
	options: readonly string[],
	env: Readonly<Record<string, string>>,
): Promise<Row> {
	const { pid, url, stop } = await startProcess([...options, '-e', bare], env);
	const pool = new Pool(url, { connections: 20 });
	const ask = async (): Promise<void> => await (await pool.request({ path: '/', method: 'GET' })).body.dump();
	await load(100, 1, ask);
	const few = await settled(new Map([[name, pid]]));
	await load(1_000, 20, ask);
	const many = await settled(new Map([[name, pid]]));
	await pool.close();
	await stop();
	return warmRow(name, few.get(name), many.get(name));
}

const warmRow = (what: string, few = Number.NaN, many = Number.NaN, goal?: Goal): Row => ({
	...plainRow(what, few, 'MB', goal),
	beside: `${many.toFixed(0)} MB after 1,000 requests more`,
});

/** Returns the process of each Service that has an instance. */
async function instancesOf({ control, controlToken }: Reach): Promise<ReadonlyMap<string, number>> {
	const answer = await fetch(`${control}/processes`, { headers: { authorization: `Bearer ${controlToken}` } });
	const { functions } = (await answer.json()) as { functions: Record<string, number[]> };
	return new Map(Object.entries(functions).flatMap(([name, [pid]]) => (pid === undefined ? [] : [[name, pid]])));
}

/** Returns the resident memory of processes in MB, when they have freed none for 12 s. V8 frees much after 8 s without work. */
async function settled(pids: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, number>> {
	const read = (): Map<string, number> => {
		const resident = new Map(processes().map((process) => [process.pid, process.resident]));
		return new Map([...pids].map(([name, pid]) => [name, resident.get(pid) ?? 0]));
	};
	let last = read();
	for (let calm = 0; calm < 12; calm += 1) {
		await after(1_000);
		const now = read();
		if (sum(now) < sum(last)) calm = 0;
		last = now;
	}
	return last;
}

const sum = (figures: ReadonlyMap<string, number>): number =>
	[...figures.values()].reduce((total, figure) => total + figure, 0);

function processes(): Process[] {
	const lines = execFileSync('ps', ['-axo', 'pid=,ppid=,rss='], { encoding: 'utf8' }).trim().split('\n');
	return lines.map((line) => {
		const [pid = 0, parent = 0, kilobytes = 0] = line.trim().split(/\s+/).map(Number);
		return { pid, parent, resident: kilobytes / 1024 };
	});
}

/** Returns a process and all its descendants. */
function treeOf(pid: number): Process[] {
	const all = processes();
	const tree = all.filter((process) => process.pid === pid);
	for (const { pid: parent } of tree) tree.push(...all.filter((process) => process.parent === parent));
	return tree;
}
