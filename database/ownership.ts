import pg from 'pg';
import { changed } from './locks.ts';
import { type Owner, onServer, ownerRoleOf, roleOf, schemaOf, urlOf } from './roles.ts';

/**
 * Creates the role of a running function, or renews its password and settings, because a role can change its own. It can
 * connect to this database.
 * @param settings the role's only settings besides its `search_path`, in the form `name=value`
 */
export async function createRole(db: pg.Client, owner: Owner, fn: string, settings: readonly string[]): Promise<void> {
	const role = pg.escapeIdentifier(roleOf(fn));
	const password = pg.escapeLiteral(decodeURIComponent(new URL(urlOf(owner, fn)).password));
	await onServer(async () => {
		const { rowCount } = await db.query('select from pg_roles where rolname = $1', [roleOf(fn)]);
		await db.query(`${rowCount ? 'alter' : 'create'} role ${role} login password ${password}`);
	});
	const { rows } = await db.query<{ database: string; schema: string }>(
		'select quote_ident(current_database()) as database, quote_ident($1) as schema',
		[schemaOf(fn)],
	);
	const { database, schema } = rows[0] as (typeof rows)[0];
	await onServer(() => resetSettings(db, roleOf(fn), [`search_path=${schema}`, ...settings]));
	await resetDefaults(db, roleOf(fn));
	await onServer(() => db.query(`grant connect on database ${database} to ${role}`));
}

/**
 * Removes the settings that a role has given itself. Changes only what differs: roles belong to the server, and the
 * migrations of two databases must not change the same one in parallel.
 */
async function resetSettings(db: pg.Client, name: string, settings: readonly string[]): Promise<void> {
	const role = pg.escapeIdentifier(name);
	const { rows } = await db.query<{ database: string | null; set: string[] }>(
		`select d.datname as database, s.setconfig as set from pg_db_role_setting s left join pg_database d on d.oid = s.setdatabase
		 where s.setrole = $1::regrole`,
		[role],
	);
	for (const { database } of rows)
		if (database !== null) await db.query(`alter role ${role} in database ${pg.escapeIdentifier(database)} reset all`);
	const set = rows.find(({ database }) => database === null)?.set ?? [];
	if (set.length === settings.length && settings.every((setting) => set.includes(setting))) return;
	// In one transaction, so that no new session of a running function lacks a setting.
	await db.query(
		['reset all', ...settings.map((each) => `set ${each}`)].map((to) => `alter role ${role} ${to}`).join('; '),
	);
}

/** The statements that undo a role's changes of its default privileges: they revoke each, and grant what Postgres gives. */
const defaults = `
	with changed as (
		select format('alter default privileges for role %I%s ', d.defaclrole::regrole, ' in schema ' || nullif(d.defaclnamespace, 0)::regnamespace) as head,
			d.*, (array['tables', 'sequences', 'routines', 'types', 'schemas', 'large objects'])[strpos('rSfTnL', d.defaclobjtype::text)] as kind
		from pg_default_acl d where d.defaclrole = $1::regrole
	)
	select head || format('revoke all on %s from %s', kind, coalesce(nullif(a.grantee, 0)::regrole::text, 'public')) as change, 1 as step
	from changed, aclexplode(defaclacl) a
	union
	select head || format('grant all on %s to %s', kind, defaclrole::regrole), 2 from changed where defaclnamespace = 0
	union
	select head || format('grant all on %s to public', kind), 2 from changed where defaclnamespace = 0 and defaclobjtype in ('f', 'T')
	order by step`;

/**
 * Undoes the default privileges that a role has given itself. It creates nothing that they apply to, but a dump contains
 * them, and a restore by another role than a superuser would fail.
 */
async function resetDefaults(db: pg.Client, name: string): Promise<void> {
	const { rows } = await db.query<{ change: string }>(defaults, [pg.escapeIdentifier(name)]);
	if (!rows.length) return;
	await becomeAble(db, name);
	for (const { change } of rows) await db.query(change);
}

/** Lets the owner act as a role. A superuser can do so anyway; since Postgres 16 other roles need the right. */
async function becomeAble(db: pg.Client, name: string): Promise<void> {
	await onServer(async () => {
		const { rows } = await db.query<{ may: boolean }>(`select pg_has_role($1, 'set') as may`, [name]);
		if (!rows[0]?.may) await db.query(`grant ${pg.escapeIdentifier(name)} to current_user`);
	});
}

/** Lets a role act as an owner role with `set role`. Until it does, it has none of the rights. */
export async function letActAs(db: pg.Client, fn: string, owner: string): Promise<void> {
	const [role, member] = [owner, roleOf(fn)].map(pg.escapeIdentifier);
	await onServer(() => db.query(`grant ${role} to ${member} with inherit false, set true`));
}

/** Creates the owner role of a schema, and the schema if there is none. */
export async function createSchema(db: pg.Client, schema: string): Promise<void> {
	const name = ownerRoleOf(schema);
	const role = pg.escapeIdentifier(name);
	await onServer(async () => {
		const { rowCount } = await db.query('select from pg_roles where rolname = $1', [name]);
		if (!rowCount) await db.query(`create role ${role} nologin`);
	});
	// A migration runs `set role`.
	await becomeAble(db, name);
	await onServer(() => db.query(`create schema if not exists ${pg.escapeIdentifier(schema)} authorization ${role}`));
}

/** The statements that change the owner of a schema and of each object in it, if it is another. Indexes and sequences of columns follow their tables. */
const strays = `
	select format('alter schema %s owner to %I', oid::regnamespace, $2::text) as change
	from pg_namespace where oid = $1::regnamespace and nspowner <> $3::regrole
	union all
	select format('alter %s %s owner to %I', case c.relkind when 'v' then 'view' when 'm' then 'materialized view'
		when 'S' then 'sequence' when 'f' then 'foreign table' else 'table' end, c.oid::regclass, $2::text)
	from pg_class c where c.relnamespace = $1::regnamespace and c.relowner <> $3::regrole and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
		and not (c.relkind = 'S' and exists (
			select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')))
	union all
	select format('alter routine %s owner to %I', p.oid::regprocedure, $2::text)
	from pg_proc p where p.pronamespace = $1::regnamespace and p.proowner <> $3::regrole
	union all
	select format('alter type %s owner to %I', t.oid::regtype, $2::text)
	from pg_type t left join pg_class c on c.oid = t.typrelid
	where t.typnamespace = $1::regnamespace and t.typowner <> $3::regrole
		and (t.typtype in ('d', 'e', 'r') or (t.typtype = 'c' and c.relkind = 'c'))`;

/**
 * Makes the owner role of a schema the owner of everything in it. In version 0.1 a function's own role owned its schema.
 * An attacker in that function could leave code there that other roles execute.
 * @param runtime the role of the running function; it keeps the right to read and write rows
 */
export async function handOver(db: pg.Client, schema: string, runtime?: string): Promise<void> {
	const owner = ownerRoleOf(schema);
	// In one transaction, so that a running function never lacks a right.
	await changed(db, async () => {
		const { rows } = await db.query<{ change: string }>(strays, [
			pg.escapeIdentifier(schema),
			owner,
			pg.escapeIdentifier(owner),
		]);
		for (const { change } of rows) await db.query(change);
		if (runtime) await grantRows(db, schema, runtime);
	});
}

/**
 * Lets a running function read and write the rows of its schema. Tables that a migration creates later have the same rights
 * from the start, through the default privileges, and a migration can take some away.
 */
async function grantRows(db: pg.Client, schema: string, runtime: string): Promise<void> {
	const there = pg.escapeIdentifier(schema);
	const [role, owner] = [runtime, ownerRoleOf(schema)].map(pg.escapeIdentifier);
	const { rowCount: isDone } = await db.query(
		`select from pg_default_acl where defaclrole = $1::regrole and defaclnamespace = $2::regnamespace`,
		[owner, there],
	);
	if (isDone) return;
	const rows = 'select, insert, update, delete';
	// A `security definer` routine has its owner's rights. By default every role with access to the schema can call it.
	await db.query(`
		alter default privileges for role ${owner} revoke execute on routines from public;
		alter default privileges for role ${owner} in schema ${there} grant ${rows} on tables to ${role};
		alter default privileges for role ${owner} in schema ${there} grant execute on routines to ${role};
		revoke all on schema ${there} from public;
		revoke all on all tables in schema ${there} from public;
		revoke execute on all routines in schema ${there} from public;
		revoke create on schema ${there} from ${role};
		revoke all on all tables in schema ${there} from ${role};
		grant usage on schema ${there} to ${role};
		grant ${rows} on all tables in schema ${there} to ${role};
		grant execute on all routines in schema ${there} to ${role}`);
}
