import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import pg from 'pg';
import { attributeOf } from '../eventing/catalog/catalog.ts';
import { triggersOf } from '../eventing/delivery.ts';
import { roleSettings } from '../kit/data/limits.ts';
import type { Declaration } from '../kit/declare/declare.ts';
import { closeDoors, grantAccessKeys, grantEvents, grantHealth } from './grants.ts';
import { checkServer } from './owner-url.ts';
import { createRole, createSchema, handOver } from './ownership.ts';
import { grantReading, readerSettings } from './reading.ts';
import { connected, type Owner, onServer, ownerRoleOf, roleOf, schemaOf } from './roles.ts';

interface Migration {
	readonly owner: Owner;
	readonly functions: readonly Declaration[];
	/** The folder that holds `eventing/migrations` and `functions/<name>/migrations`. */
	readonly root: string;
	/** The name of the monitoring role, which reads the health of the events. By default the role is not created. */
	readonly monitor?: string;
	/** Whether the server holds nothing but this shop, so that its other databases can be closed to the functions too. */
	readonly ownServer?: boolean;
	readonly log?: (line: string) => void;
}

/**
 * Updates the database to match the declarations: creates a role and a schema for each function with data, creates the
 * `eventing` schema and grants rights in it, runs the pending migrations, and updates the list of triggers. It is safe
 * to repeat, and to run concurrently.
 * @throws {Error} when the server's version or encoding is not supported, or the owner cannot create roles
 */
export async function migrate({
	owner,
	functions,
	root,
	monitor,
	ownServer,
	log = () => {},
}: Migration): Promise<void> {
	const [readers, withData] = [true, false].map((reads) =>
		functions.filter(({ data }) => data && (data.reads === 'everything') === reads),
	) as [Declaration[], Declaration[]];
	await connected(owner.url, 'bodega migrate', async (db) => {
		await checkServer(db);
		await inTurn(db, owner, async () => {
			for (const { name } of readers) await createRole(db, owner, name, [...roleSettings, ...readerSettings]);
			for (const name of withData.map(({ name }) => name).concat(monitor ?? []))
				await createRole(db, owner, name, roleSettings);
			await handOver(db, 'eventing');
			await run(db, 'eventing', join(root, 'eventing', 'migrations'), log);
			for (const declaration of withData) await grantEvents(db, declaration);
			// Also before, because `handOver` takes the keys of an older shop from everyone.
			await grantAccessKeys(db, [...readers, ...withData]);
			for (const { name } of withData) {
				const schema = schemaOf(name);
				await createSchema(db, schema);
				await handOver(db, schema, roleOf(name));
				const folder = join(root, 'functions', name, 'migrations');
				if (existsSync(folder)) await run(db, schema, folder, log, roleOf(name));
			}
			await grantAccessKeys(db, [...readers, ...withData]);
			if (monitor) await grantHealth(db, monitor);
			await registerEmissions(db, withData);
			await registerTriggers(db, withData);
			for (const reader of readers) await grantReading(db, reader, withData);
			await closeDoors(db, ownServer === true);
		});
	});
}

/**
 * Makes concurrent migrations of a database take turns. The lock is on a table that only the schema's owner can lock: an
 * advisory lock could be held by any role.
 */
async function inTurn(db: pg.Client, owner: Owner, work: () => Promise<void>): Promise<void> {
	await createSchema(db, 'eventing');
	const as = pg.escapeIdentifier(ownerRoleOf('eventing'));
	await onServer(() => db.query(`alter schema eventing owner to ${as}`));
	const { rowCount: isRestored } = await db.query(
		`select from pg_class where oid = to_regclass('eventing.migration_lock') and relowner <> $1::regrole`,
		[as],
	);
	// In a restored database everything belongs to the role that restored it, until `handOver`.
	if (isRestored) await onServer(() => db.query(`alter table eventing.migration_lock owner to ${as}`));
	await connected(owner.url, 'bodega migrate lock', async (holder) => {
		await holder.query(`set role ${as}`);
		await onServer(() => holder.query('create table if not exists eventing.migration_lock ()'));
		await holder.query('begin');
		await holder.query('lock table eventing.migration_lock in exclusive mode');
		await work();
		await holder.query('commit');
	});
}

/** Runs the pending migrations of a schema as its owner role, which owns what they create and can create nothing elsewhere. */
async function run(
	db: pg.Client,
	schema: string,
	dir: string,
	log: (line: string) => void,
	runtime?: string,
): Promise<void> {
	const there = pg.escapeIdentifier(schema);
	await db.query(`set role ${pg.escapeIdentifier(ownerRoleOf(schema))}; set search_path = ${there}`);
	const work = async () => {
		if (await isComplete(db, schema, dir)) return [];
		const { runner } = await import('node-pg-migrate');
		return await runner({
			dbClient: db,
			dir,
			direction: 'up',
			schema,
			migrationsSchema: schema,
			migrationsTable: 'migrations',
			noLock: true, // The caller holds one lock for all schemas.
			log: () => {},
		});
	};
	const done = await work().finally(() => db.query('rollback; reset role; reset search_path'));
	if (runtime) await db.query(`revoke all on ${there}.migrations from ${pg.escapeIdentifier(runtime)}`);
	for (const { name } of done) log(`migrated ${schema}: ${name}`);
}

/** Whether all migrations of a schema have run, and no others. Saves loading the runner and its statements at most starts. */
async function isComplete(db: pg.Client, schema: string, dir: string): Promise<boolean> {
	const table = `${pg.escapeIdentifier(schema)}.migrations`;
	const { rows: found } = await db.query<{ there: boolean }>('select to_regclass($1) is not null as there', [table]);
	if (!found[0]?.there) return false;
	const { rows } = await db.query<{ name: string }>(`select name from ${table} order by run_on, id`);
	const files = readdirSync(dir).map((file) => basename(file, '.sql'));
	return JSON.stringify(rows.map(({ name }) => name)) === JSON.stringify(files.sort());
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
