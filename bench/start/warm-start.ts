import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { guard } from '../../kit/process/guard.ts';
import { freePort } from '../../local/free-port.ts';
import { type Row, ratioRow } from '../row.ts';

const root = join(import.meta.dirname, '../..');

/** Measures the time from `npm start` to the first page with an existing database, beside npm doing nothing. */
export async function warmStart(): Promise<Row[]> {
	const data = mkdtempSync(join(tmpdir(), 'bodega-bench-'));
	const starts: number[] = [];
	const nothings: number[] = [];
	for (let round = -1; round < 7; round += 1) {
		const nothing = await toExit(['exec', '--', 'node', '-e', '0']);
		const start = await toFirstPage(data);
		if (round < 0) continue; // The first start creates the database.
		nothings.push(nothing);
		starts.push(start);
	}
	rmSync(data, { recursive: true });
	const beside = { name: 'npm running nothing', values: nothings };
	return [ratioRow('second npm start, to the first page', starts, beside, { unit: 'ms', goal: { most: 3 } })];
}

async function toFirstPage(data: string): Promise<number> {
	const port = await freePort();
	const start = performance.now();
	const npm = guard(
		spawn('npm', ['start', '--', '--port', String(port), '--data', data, '--minify'], { cwd: root, stdio: 'ignore' }),
	);
	const exit = once(npm, 'exit');
	const isThere = (): Promise<boolean> =>
		fetch(`http://127.0.0.1:${port}/`).then(
			({ ok }) => ok,
			() => false,
		);
	while (!(await isThere())) await after(5);
	const time = performance.now() - start;
	npm.kill('SIGTERM');
	await exit;
	return time;
}

async function toExit(args: readonly string[]): Promise<number> {
	const start = performance.now();
	await once(guard(spawn('npm', args, { cwd: root, stdio: 'ignore' })), 'exit');
	return performance.now() - start;
}
