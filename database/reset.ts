import pg from 'pg';
import type { Declaration } from '../kit/declare/declare.ts';
import { monitor, onServer, roleOf, schemaOf } from './roles.ts';

/** Drops the shop's schemas and everything its roles own in the database. The next migration starts from scratch. */
export async function dropAll(ownerUrl: string, functions: readonly Declaration[]): Promise<void> {
	const owner = new pg.Client({ connectionString: ownerUrl });
	await owner.connect();
	try {
		const withData = functions.filter(({ data }) => data).map(({ name }) => name);
		for (const schema of ['eventing', ...withData.map(schemaOf)])
			await owner.query(`drop schema if exists ${pg.escapeIdentifier(schema)} cascade`);
		for (const name of [...withData, monitor]) {
			const role = pg.escapeIdentifier(roleOf(name));
			const { rowCount } = await owner.query('select from pg_roles where rolname = $1', [roleOf(name)]);
			if (rowCount) await onServer(() => owner.query(`drop owned by ${role}`));
		}
	} finally {
		await owner.end();
	}
}
