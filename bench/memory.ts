import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { functions } from '../functions/index.ts';
import { routesOf } from '../kit/declare/declare.ts';
import { nodeOptions } from '../kit/process/node-options.ts';
import { freePort } from '../local/free-port.ts';
import type { Reach } from '../tests/acceptance/setup/shop.ts';
import { startFunction } from './function.ts';
import { type Running, startProcess } from './process.ts';
import { answersPerSecond } from './requests.ts';
import { plainRow, type Row } from './row.ts';
import { bare } from './start/cold-start.ts';

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
	const total = treeOf(npm.pid as number).reduce((sum, { resident }) => sum + resident, 0);
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

/** Measures the memory of each function after 2 s of requests, and that of bare `node:http`, also with a function's options. */
export async function memoryOfFunctions(shop: Reach): Promise<Row[]> {
	const peer = await memoryUnderLoad(await startProcess(['-e', bare], {}));
	const least = await memoryUnderLoad(await startProcess([...nodeOptions, '-e', bare], {}));
	const rows = [
		plainRow('memory of a warm bare node:http', peer.resident, 'MB'),
		plainRow('memory of a warm bare node:http with a function’s options', least.resident, 'MB'),
		...(least.files
			? [plainRow('… of these, pages of Node’s files, which all processes share', least.files, 'MB')]
			: []),
	];
	for (const declaration of functions) {
		const [route] = routesOf(declaration);
		if (!route) continue;
		const { resident } = await memoryUnderLoad(await startFunction(shop, declaration.name));
		rows.push(plainRow(`memory of one warm function: ${declaration.name}`, resident, 'MB', { most: 60 }));
	}
	return rows;
}

/** Returns the resident memory of a server after 2 s of requests, in MB, and the part of it that is pages of files, on Linux. Stops the server. */
async function memoryUnderLoad(running: Running): Promise<{ resident: number; files?: number }> {
	await answersPerSecond({ url: `${running.url}/health` });
	const own = processes().find(({ pid }) => pid === running.pid);
	const status = process.platform === 'linux' ? readFileSync(`/proc/${running.pid}/status`, 'utf8') : '';
	const files = /^RssFile:\s+(\d+)/m.exec(status)?.[1];
	await running.stop();
	return { resident: own?.resident ?? 0, ...(files ? { files: Number(files) / 1024 } : {}) };
}

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
