import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { attributeOf } from '../eventing/catalog/catalog.ts';
import { triggersOf } from '../eventing/delivery.ts';
import type { Declaration } from '../kit/declare/declare.ts';
import { grantReading } from './reading.ts';
import { connected, onServer, roleOf, schemaOf, urlOf } from './roles.ts';

/** The advisory lock that makes concurrent migrations take turns ("bodega" on a telephone keypad). */
const lock = 263_342;

interface Migration {
	/** The URL for the owner of the database, a role that can create roles and schemas. */
	readonly ownerUrl: string;
	readonly functions: readonly Declaration[];
	/** The folder that holds `eventing/migrations` and `functions/<name>/migrations`. */
	readonly root: string;
	/** The name of the monitoring role, which reads the health of the events. By default the role is not created. */
	readonly monitor?: string;
	readonly log?: (line: string) => void;
}

/**
 * Updates the database to match the declarations: creates a role and a schema for each function with data, creates the
 * `eventing` schema and grants rights in it, runs the pending migrations, and updates the list of triggers. It is safe
 * to repeat, and to run concurrently.
 * @throws {Error} when the server's version or encoding is not supported, or the owner cannot create roles
 */
export async function migrate({ ownerUrl, functions, root, monitor, log = () => {} }: Migration): Promise<void> {
	const [readers, withData] = [true, false].map((reads) =>
		functions.filter(({ data }) => data && (data.reads === 'everything') === reads),
	) as [Declaration[], Declaration[]];
	await connected(ownerUrl, 'bodega migrate', async (owner) => {
		await owner.query('select pg_advisory_lock($1)', [lock]);
		await checkServer(owner);
		for (const name of [...readers, ...withData].map(({ name }) => name).concat(monitor ?? []))
			await createRole(owner, ownerUrl, name);
		for (const { name } of withData) await createSchema(owner, name);
		await owner.query('create schema if not exists eventing');
		await run(owner, 'eventing', join(root, 'eventing', 'migrations'), log);
		for (const declaration of withData) await grant(owner, declaration);
		for (const { name } of withData) {
			const folder = join(root, 'functions', name, 'migrations');
			if (!existsSync(folder)) continue;
			// Run as the function's own role, so that it owns its objects and can create none elsewhere.
			await connected(urlOf(ownerUrl, name), `bodega migrate ${name}`, (client) =>
				run(client, schemaOf(name), folder, log),
			);
		}
		if (monitor) await grantHealth(owner, monitor);
		await registerEmissions(owner, withData);
		await registerTriggers(owner, withData);
		for (const reader of readers) await grantReading(owner, reader, withData);
	});
}

async function checkServer(owner: pg.Client): Promise<void> {
	const { rows } = await owner.query<{ version: number; encoding: string; may: boolean }>(
		`select current_setting('server_version_num')::int / 10000 as version,
			current_setting('server_encoding') as encoding, rolsuper or rolcreaterole as may
		 from pg_roles where rolname = current_user`,
	);
	const { version = 0, encoding, may = false } = rows[0] ?? {};
	if (version < 18)
		throw new Error(`DATABASE_URL points to Postgres ${version}; Bodega needs 18 or newer (it uses uuidv7).`);
	if (encoding !== 'UTF8')
		throw new Error(
			`DATABASE_URL points to a database in ${encoding}; Bodega needs UTF8. Create one with: create database … template template0 encoding 'UTF8'`,
		);
	if (!may)
		throw new Error(
			'The role of DATABASE_URL cannot create roles, and each function needs its own. Allow it with: alter role … createrole',
		);
}

async function createRole(owner: pg.Client, ownerUrl: string, fn: string): Promise<void> {
	const role = pg.escapeIdentifier(roleOf(fn));
	const password = pg.escapeLiteral(decodeURIComponent(new URL(urlOf(ownerUrl, fn)).password));
	await onServer(async () => {
		const { rowCount } = await owner.query('select from pg_roles where rolname = $1', [roleOf(fn)]);
		await owner.query(`${rowCount ? 'alter' : 'create'} role ${role} login password ${password}`);
	});
	const { rows } = await owner.query<{ database: string }>('select current_database() as database');
	const database = pg.escapeIdentifier(rows[0]?.database ?? '');
	await onServer(() => owner.query(`grant connect on database ${database} to ${role}`));
}

async function createSchema(owner: pg.Client, fn: string): Promise<void> {
	const role = pg.escapeIdentifier(roleOf(fn));
	const { rowCount: there } = await owner.query('select from pg_namespace where nspname = $1', [schemaOf(fn)]);
	if (there) return;
	// Since Postgres 16 a role that is not a superuser must be a member of a role to make that role an owner.
	await onServer(() => owner.query(`grant ${role} to current_user`));
	// A `security definer` routine has its owner's rights. By default every role with access to the schema can call it.
	await owner.query(`alter default privileges for role ${role} revoke execute on routines from public`);
	// Last, because an existing schema means that the steps above are done.
	await owner.query(`create schema ${pg.escapeIdentifier(schemaOf(fn))} authorization ${role}`);
}

/** Lets a function write events if it emits, and deliveries if it reacts. Row security limits both to its own. */
async function grant(owner: pg.Client, { name, emits, reacts }: Declaration): Promise<void> {
	const role = pg.escapeIdentifier(roleOf(name));
	// In one transaction, so that a running function never lacks the rights between revoke and grant.
	await owner.query('begin');
	await owner.query(`grant usage on schema eventing to ${role}`);
	await owner.query(`grant select on eventing.triggers, eventing.emissions to ${role}`);
	await owner.query(`revoke insert on eventing.events, eventing.deliveries from ${role}`);
	if (emits.length) await owner.query(`grant select, insert on eventing.events to ${role}`);
	if (reacts.length) await owner.query(`grant select, insert, update on eventing.deliveries to ${role}`);
	await owner.query('commit');
}

/** Lets monitoring see how many events wait and for how long, but not the events themselves. */
async function grantHealth(owner: pg.Client, monitor: string): Promise<void> {
	const role = pg.escapeIdentifier(roleOf(monitor));
	await owner.query(`grant usage on schema eventing to ${role}`);
	await owner.query(`grant select on eventing.outbox_health, eventing.trigger_health to ${role}`);
}

async function run(client: pg.Client, schema: string, dir: string, log: (line: string) => void): Promise<void> {
	const done = await runner({
		dbClient: client,
		dir,
		direction: 'up',
		schema,
		migrationsSchema: schema,
		migrationsTable: 'migrations',
		noLock: true, // The caller holds one lock for all schemas.
		log: () => {},
	});
	for (const { name } of done) log(`migrated ${schema}: ${name}`);
}

async function registerEmissions(owner: pg.Client, functions: readonly Declaration[]): Promise<void> {
	const emissions = functions.flatMap(({ name, emits }) => emits.map((type) => ({ name, type: attributeOf(type) })));
	const columns = [emissions.map(({ name }) => name), emissions.map(({ type }) => type)];
	await owner.query('begin');
	await owner.query(
		'delete from eventing.emissions where (function, type) not in (select * from unnest($1::text[], $2::text[]))',
		columns,
	);
	await owner.query(
		'insert into eventing.emissions select * from unnest($1::text[], $2::text[]) on conflict do nothing',
		columns,
	);
	await owner.query('commit');
}

async function registerTriggers(owner: pg.Client, functions: readonly Declaration[]): Promise<void> {
	const triggers = triggersOf(functions);
	await owner.query('delete from eventing.triggers where name <> all($1)', [triggers.map(({ name }) => name)]);
	for (const { name, type, function: fn } of triggers)
		await owner.query(
			`insert into eventing.triggers (name, type, function) values ($1, $2, $3)
			 on conflict (name) do update set type = excluded.type, function = excluded.function
			 where (triggers.type, triggers.function) is distinct from (excluded.type, excluded.function)`,
			[name, attributeOf(type), fn],
		);
}
