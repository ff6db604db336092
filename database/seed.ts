import type { ClientBase } from 'pg';
import type { Declaration } from '../kit/declare/declare.ts';
import { shop } from '../shop.ts';
import { connected, type Owner, urlOf } from './roles.ts';

/** The exports of a function's `seed.ts`. */
export interface Seed {
	/** Writes missing rows as the function's own role, in its own schema. Returns a line for the operator, if any. */
	seed(db: ClientBase, env: NodeJS.ProcessEnv): Promise<string | undefined>;
}

/**
 * Runs the `seed.ts` of each function that declares one, after the migrations. Returns their lines for the operator.
 * @param load imports the `seed.ts` of a function, if it can be newer than this process
 */
export async function seed(
	owner: Owner,
	functions: readonly Declaration[],
	load = (name: string): Promise<Seed> => import(`../functions/${name}/seed.ts`),
): Promise<string[]> {
	const lines: string[] = [];
	for (const { name } of functions.filter((fn) => fn.seed)) {
		const { seed } = await load(name);
		const url = urlOf(owner, name);
		const line = await connected(url, `${shop.name} seed ${name}`, (db) => seed(db, process.env));
		if (line) lines.push(line);
	}
	return lines;
}
