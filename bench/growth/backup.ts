import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { functions } from '../../functions/index.ts';
import { bytesText, followBytes, rateText, step } from '../../k8s/kubectl/progress.ts';
import { dumpOptions } from '../../k8s/manifests/database/dumping.ts';
import { restorer, restoring } from '../../k8s/manifests/database/restoring.ts';
import { guard } from '../../kit/process/guard.ts';
import { ownerUrl } from '../../tests/acceptance/setup/laptop.ts';
import type { Row } from '../row.ts';
import type { Shops } from './shops.ts';

/** The version of Postgres that the shop runs on. Programs of another one cannot dump it. */
const major = 18;

/**
 * Dumps the old shop and restores it beside itself, with the options and the script of `bodega backup` and `bodega restore`. Returns the
 * rate of each, or a row that says which programs are missing.
 */
export async function backup({ old: shop }: Shops): Promise<Row[]> {
	const { stdout: version } = await promisify(execFile)('pg_dump', ['--version']).catch(() => ({ stdout: 'none' }));
	const what = { dump: 'backup of the old shop (pg_dump)', restore: 'restore of the old shop (pg_restore)' };
	if (!version.includes(`) ${major}.`))
		return [
			{ what: what.dump, value: 'not measured', beside: `needs pg_dump ${major} in the PATH, found ${version.trim()}` },
		];
	const folder = mkdtempSync(join(tmpdir(), 'bodega-growth-dump-'));
	const file = join(folder, 'dump');
	const url = new URL(ownerUrl(shop));
	const env = {
		PATH: process.env['PATH'],
		PGHOST: url.hostname,
		PGPORT: url.port,
		PGUSER: url.username,
		PGPASSWORD: url.password,
		PGDATABASE: url.pathname.slice(1),
	};
	const run = async (program: string, ...args: readonly string[]): Promise<string> => {
		const child = guard(spawn(program, args, { env, stdio: ['ignore', 'pipe', 'inherit'] }));
		let said = '';
		child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
		const [code] = (await once(child, 'close')) as [number | null];
		if (code !== 0) throw new Error(`${program} ended with ${code}`);
		return said;
	};
	const number = async (sql: string): Promise<number> =>
		Number((await run('psql', '--no-psqlrc', '--tuples-only', '--no-align', `--command=${sql}`)) || Number.NaN);
	try {
		const size = await number('select pg_database_size(current_database())');
		let start = performance.now();
		await step('dump', (tell) =>
			followBytes(
				tell,
				async () => statSync(file).size,
				() => run('pg_dump', ...dumpOptions(functions), `--file=${file}`),
			),
		);
		const dumped = performance.now() - start;
		// In the Pod the restorer needs no password. Here it gets that of the superuser, who runs the script.
		const script = restoring(file, 'restored', functions).replace('password null', `password '${url.password}'`);
		start = performance.now();
		const restored = `select pg_database_size(oid) from pg_database where datname = 'restored'`;
		const counted = await step('restore', (tell) =>
			followBytes(
				tell,
				() => number(restored),
				() => run('bash', '-c', `set -euo pipefail\n${script}`),
			),
		);
		const took = performance.now() - start;
		await run(
			'psql',
			'--no-psqlrc',
			'--quiet',
			'--command=drop database restored',
			`--command=drop role "${restorer}"`,
		);
		const rows = [...counted.matchAll(/: (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
		const rowOf = (name: string, time: number): Row => ({
			what: name,
			value: `${(time / 1000).toFixed(0)} s`,
			beside: `${rateText(size, time)} of a database of ${bytesText(size)}, ${Math.round((rows * 1000) / time)} rows/s; the dump has ${bytesText(statSync(file).size)}`,
		});
		return [rowOf(what.dump, dumped), rowOf(what.restore, took)];
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
