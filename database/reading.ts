import pg from 'pg';
import { limits } from '../kit/data/limits.ts';
import type { Declaration } from '../kit/declare/declare.ts';
import { changed } from './locks.ts';
import { aside } from './retention/removal.ts';
import { roleOf, schemaOf } from './roles.ts';

/**
 * The settings of a reader's sessions: a default against accidental writes, which a session can change, so only the grants are
 * reliable; and the time of a question, which can be about columns without an index.
 */
export const readerSettings = ['default_transaction_read_only=on', `statement_timeout=${limits.question}`];

/**
 * Grants a function that reads everything access to every existing column that is not declared a secret. Call it after
 * the migrations: new tables and columns stay hidden until the next one. Views always stay hidden, because they show
 * everything that their owner can read. The function cannot write anywhere, and has no schema to create objects in.
 * @throws {Error} when a declared secret is neither a table nor a column
 */
export async function grantReading(
	owner: pg.Client,
	reader: Declaration,
	withData: readonly Declaration[],
): Promise<void> {
	await changed(owner, async () => {
		await grantSchema(owner, reader, 'eventing', []);
		for (const { name, secrets } of withData) await grantSchema(owner, reader, schemaOf(name), secrets);
	});
}

interface Table {
	readonly name: string;
	readonly columns: readonly string[];
	/** The table has row security, but no policy yet that shows the reader its rows. */
	readonly hidden: boolean;
}

async function grantSchema(
	owner: pg.Client,
	reader: Declaration,
	schemaName: string,
	secrets: readonly string[],
): Promise<void> {
	const role = pg.escapeIdentifier(roleOf(reader.name));
	const schema = pg.escapeIdentifier(schemaName);
	const { rows: tables } = await owner.query<Table>(
		`select c.relname as name, array_agg(a.attname::text) as columns,
			c.relrowsecurity and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = $2) as hidden
		 from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
		 where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p')
			and not c.relispartition and not (c.relnamespace = 'eventing'::regnamespace and c.relname ~ '${aside}') group by c.oid`,
		[schema, roleOf(reader.name)],
	);
	checkSecrets(schemaName, tables, secrets);
	await owner.query(`grant usage on schema ${schema} to ${role}`);
	// Not on all tables of the schema, which would include the view of the access keys.
	const names = tables.map(({ name }) => `${schema}.${pg.escapeIdentifier(name)}`);
	if (names.length) await owner.query(`revoke all on ${names} from ${role}`);
	for (const { name, columns, hidden } of tables) {
		const readable = columns.filter((column) => !secrets.includes(`${name}.${column}`)).map(pg.escapeIdentifier);
		if (secrets.includes(name) || !readable.length) continue;
		const table = `${schema}.${pg.escapeIdentifier(name)}`;
		await owner.query(`grant select (${[...readable, 'ctid']}) on ${table} to ${role}`);
		// Only if needed: it locks the table exclusively, so all is tried again while a function is using the table.
		if (hidden) await owner.query(`create policy ${role} on ${table} for select to ${role} using (true)`);
	}
}

/** Rejects a misspelt secret, which would protect nothing. */
function checkSecrets(schema: string, tables: readonly Table[], secrets: readonly string[]): void {
	const there = tables.flatMap(({ name, columns }) => [name, ...columns.map((column) => `${name}.${column}`)]);
	const wrong = secrets.find((secret) => !there.includes(secret));
	if (wrong !== undefined)
		throw new Error(
			`the function of schema "${schema}" declares the secret "${wrong}", but has no such table or column`,
		);
}
