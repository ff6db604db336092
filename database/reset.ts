import pg from 'pg';
import type { Declaration } from '../kit/declare/declare.ts';
import { connected, monitor, onServer, ownerRoleOf, remover, roleOf, schemaOf } from './roles.ts';

/**
 * Drops the shop's schemas, and the rights of its roles in the database. The next migration starts from scratch. The roles
 * stay, because they belong to the server, where another database can be another shop's.
 */
export async function dropAll(ownerUrl: string, functions: readonly Declaration[]): Promise<void> {
	const names = functions.filter(({ data }) => data).map(({ name }) => name);
	const schemas = ['eventing', ...names.map(schemaOf)];
	await connected(ownerUrl, 'bodega reset', async (db) => {
		const exists = async (role: string): Promise<boolean> =>
			((await db.query('select from pg_roles where rolname = $1', [role])).rowCount ?? 0) > 0;
		const { rows } = await db.query<{ name: string }>('select current_database() as name');
		const database = pg.escapeIdentifier(rows[0]?.name ?? '');
		for (const schema of schemas) {
			await db.query(`drop schema if exists ${pg.escapeIdentifier(schema)} cascade`);
			const owner = ownerRoleOf(schema);
			if (await exists(owner))
				await db.query(
					`alter default privileges for role ${pg.escapeIdentifier(owner)} grant execute on routines to public`,
				);
		}
		for (const role of [...names, monitor, remover].map(roleOf))
			if (await exists(role))
				await onServer(() => db.query(`revoke connect on database ${database} from ${pg.escapeIdentifier(role)}`));
	});
}
