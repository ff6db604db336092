import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'undici';
import { functions } from '../functions/index.ts';
import { targetsOf } from '../kit/declare/declare.ts';
import { laptopFaults, openLaptop } from '../tests/acceptance/setup/laptop.ts';
import type { Reach } from '../tests/acceptance/setup/shop.ts';
import { signInAsAdmin } from '../tests/acceptance/setup/sign-in.ts';
import { load } from './load.ts';
import { newBook, place } from './orders.ts';
import { questions } from './throughput.ts';

const folder = join(import.meta.dirname, '..', 'dist', 'profiles');

/** The names that can be profiled: the targets that have a question, and those that handle an order's events. */
export const profiled: readonly string[] = functions
	.flatMap(targetsOf)
	.filter(({ name, declaration: { reacts }, signature }) =>
		signature === 'http' ? Object.hasOwn(questions, name) : reacts.some((type) => /^(order|stock|invoice)/.test(type)),
	)
	.map(({ name }) => name);

/** Writes a V8 CPU profile of a target under load. Returns the path of the file, for Chrome's or an editor's viewer. */
export async function profile(target: string): Promise<string> {
	mkdirSync(folder, { recursive: true });
	const before = new Set(readdirSync(folder));
	const shop = await openLaptop({ LOG_LEVEL: 'ERROR' }, 600);
	try {
		const env = { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}` };
		await laptopFaults(shop.reach).setEnvironment(target, env);
		if (Object.hasOwn(questions, target)) await ask(shop.reach, target);
		else await place(shop.reach.url, await newBook(shop.reach), 1_000, 20);
	} finally {
		// The instance writes its profile when it ends.
		await shop.close();
	}
	const written = readdirSync(folder).find((file) => !before.has(file));
	if (!written) throw new Error(`${target} wrote no profile; did it serve requests?`);
	return join(folder, written);
}

async function ask(shop: Reach, name: string): Promise<void> {
	const pool = new Pool(shop.url, { connections: 20 });
	const headers = { host: shop.hosts[name] ?? '', ...(await signInAsAdmin(shop)) };
	await load(20_000, 20, async () => {
		const answer = await pool.request({ path: questions[name] ?? '/', method: 'GET', headers });
		await answer.body.dump();
	});
	await pool.close();
}
