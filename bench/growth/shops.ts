import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../database/migrate.ts';
import { monitor, newSecret } from '../../database/roles.ts';
import { functions } from '../../functions/index.ts';
import { startPostgres } from '../../local/postgres/postgres.ts';
import { openLaptop } from '../../tests/acceptance/setup/laptop.ts';
import type { Reach } from '../../tests/acceptance/setup/shop.ts';
import { fill } from './fill.ts';
import { type Years, yearsOf } from './years.ts';

/** The bytes on disk of an event, with its share of the orders, deliveries and indexes: 15 GB for ten million. A dump and its restore take as much again. */
const bytesPerEvent = 1_600;

/** A folder that stays has the admin of its first run. */
const adminPassword = 'the admin of the bench';

/** Two shops that differ in their age. */
export interface Shops {
	/**
	 * Has seen twenty thousand orders, and has as many open dead letters as the old one, some of them older than its last
	 * thousand events: so its lists have full pages too, also the later ones.
	 */
	readonly young: Reach;
	readonly old: Reach;
}

/** The options of the measurement of growth. */
export interface GrowthOptions {
	readonly events: number;
	/** A folder of the old shop, which stays. A filled one is not filled again. By default it is a new one, which is removed. */
	readonly data?: string | undefined;
}

/** Opens both shops for the work, and removes them afterwards, also when the command is interrupted. */
export async function withShops<T>({ events, data }: GrowthOptions, work: (shops: Shops) => Promise<T>): Promise<T> {
	const folder = mkdtempSync(join(tmpdir(), 'bodega-growth-'));
	const closing: (() => Promise<unknown>)[] = [];
	const close = async (): Promise<void> => {
		for (const each of closing.splice(0).reverse()) await each().catch(() => {});
		rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
	};
	const interrupt = (): void => void close().finally(() => process.exit(130));
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
	try {
		const old = data ?? join(folder, 'old');
		const young = join(folder, 'young');
		if (!isFilled(old, events)) {
			checkDisk(data ?? folder, events);
			await filled(old, yearsOf(events), closing);
			writeFileSync(join(old, mark), String(events));
		}
		await filled(young, { orders: 20_000, users: 1_000, letters: 2_000, days: 80 }, closing);
		const open = async (at: string, port: number): Promise<Reach> => {
			// The relay wakes when the bench wakes it.
			const shop = await openLaptop({ LOG_LEVEL: 'ERROR', RELAY_SCHEDULE: '0 0 1 1 *' }, 3600, ['--minify'], {
				port,
				data: at,
				adminPassword,
			});
			closing.push(shop.close);
			return shop.reach;
		};
		return await work({ young: await open(young, 3401), old: await open(old, 3402) });
	} finally {
		await close();
		for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
	}
}

/** The file with the number of events of a shop that is completely filled. */
const mark = 'filled';

/** @throws {Error} when the folder has another shop, or one whose filling was interrupted */
function isFilled(folder: string, events: number): boolean {
	if (!existsSync(join(folder, 'postgres'))) return false;
	const found = existsSync(join(folder, mark)) ? readFileSync(join(folder, mark), 'utf8') : 'no';
	if (found === String(events)) return true;
	throw new Error(
		`${folder} has a shop that the bench has filled with ${found} events: expected ${events}, or no such folder`,
	);
}

/** @throws {Error} when the disk lacks room */
function checkDisk(folder: string, events: number): void {
	const wanted = events * bytesPerEvent * 2;
	mkdirSync(folder, { recursive: true });
	const { bavail, bsize } = statfsSync(folder);
	const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
	const said = `${events} events need ${gigabytes(wanted)} in ${folder}, with a dump and its restore`;
	if (bavail * bsize < wanted)
		throw new Error(`${said}, and ${gigabytes(bavail * bsize)} are free. Measure fewer with --events.`);
	process.stderr.write(`  ${said}\n`);
}

async function filled(data: string, years: Years, closing: (() => Promise<unknown>)[]): Promise<void> {
	const postgres = await startPostgres({ directory: join(data, 'postgres'), unsafe: true });
	closing.push(() => postgres.stop());
	const owner = { url: postgres.url, secret: newSecret() };
	await migrate({ owner, functions, root: join(import.meta.dirname, '..', '..'), monitor, ownServer: true });
	const start = performance.now();
	await fill(postgres.url, years, (line) =>
		process.stderr.write(`  ${((performance.now() - start) / 1000).toFixed(0)} s: ${line}\n`),
	);
	await postgres.stop();
}
