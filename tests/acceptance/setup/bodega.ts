import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { inject } from 'vitest';

const shop = inject('shop');
const main = join(import.meta.dirname, '..', '..', '..', 'bodega');

/** The options that lead a command to the shop of these tests. */
const where =
	shop.target === 'compose'
		? ['--url', shop.url]
		: shop.target === 'cluster'
			? ['--namespace', shop.namespace ?? '']
			: ['--data', shop.data ?? ''];

/** A command's exit code and output. */
export interface Told {
	readonly code: number | null;
	readonly output: string;
	readonly errors: string;
}

/** Runs a `bodega` command for the shop of these tests, with this admin's password; '' for none. */
export function bodega(args: readonly string[], password = shop.adminPassword): Promise<Told> {
	const { promise, resolve } = Promise.withResolvers<Told>();
	const child = execFile(
		main,
		[args[0] ?? '', ...where, ...args.slice(1)],
		{ env: { ...process.env, ADMIN_PASSWORD: password } },
		(_error, output, errors) => resolve({ code: child.exitCode, output, errors }),
	);
	child.stdin?.end();
	return promise;
}
