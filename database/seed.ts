import pg from 'pg';
import type { Declaration } from '../kit/declare/declare.ts';
import { shop } from '../shop.ts';
import { urlOf } from './roles.ts';

/** The exports of a function's `seed.ts`. */
export interface Seed {
	/**
	 * Writes the rows that the function needs to begin with, unless they exist.
	 * @param db a connection as the function's own role, in its own schema
	 * @returns a line for the operator, if there is something to know
	 */
	seed(db: pg.ClientBase, env: NodeJS.ProcessEnv): Promise<string | undefined>;
}

/** Runs the `seed.ts` of each function that declares one, after the migrations. Returns their lines for the operator. */
export async function seed(ownerUrl: string, functions: readonly Declaration[]): Promise<string[]> {
	const lines: string[] = [];
	for (const { name } of functions.filter((fn) => fn.seed)) {
		const { seed }: Seed = await import(`../functions/${name}/seed.ts`);
		const db = new pg.Client({
			connectionString: urlOf(ownerUrl, name),
			application_name: `${shop.name} seed ${name}`,
		});
		await db.connect();
		try {
			const line = await seed(db, process.env);
			if (line) lines.push(line);
		} finally {
			await db.end();
		}
	}
	return lines;
}
