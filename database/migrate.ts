import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import pg from 'pg';
import { attributeOf } from '../eventing/catalog/catalog.ts';
import { triggersOf } from '../eventing/delivery.ts';
import { roleSettings } from '../kit/data/limits.ts';
import type { Declaration } from '../kit/declare/declare.ts';
import { closeDoors, grantAccessKeys, grantEvents, grantHealth } from './grants.ts';
import { patiently } from './locks.ts';
import { checkServer } from './owner-url.ts';
import { createRole, createSchema, handOver, letActAs } from './ownership.ts';
import { grantReading, readerSettings } from './reading.ts';
import { createComing } from './retention/partitions.ts';
import { preparePartitions } from './retention/preparation.ts';
import { retentionOf } from './retention/settings.ts';
import { connected, type Owner, onServer, ownerRoleOf, roleOf, schemaOf } from './roles.ts';

interface Migration {
	readonly owner: Owner;
	readonly functions: readonly Declaration[];
	/** The folder that holds `eventing/migrations` and `functions/<name>/migrations`. */
	readonly root: string;
	/** The name of the monitoring role, which reads the health of the events. By default the role is not created. */
	readonly monitor?: string;
	/** The name of the role that removes old events. By default the role is not created. */
	readonly remover?: string;
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
	remover,
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
			if (remover) {
				await createRole(db, owner, remover, []);
				await letActAs(db, remover, ownerRoleOf('eventing'));
			}
			await handOver(db, 'eventing');
			const eventing = join(root, 'eventing', 'migrations');
			await run(db, 'eventing', eventing, log, { before: '012-partitions' });
			await asOwner(db, 'eventing', () => preparePartitions(db));
			await run(db, 'eventing', eventing, log);
			await asOwner(db, 'eventing', () => createComing(db, retentionOf({})));
			for (const declaration of withData) await grantEvents(db, declaration);
			// Also before, because `handOver` takes the keys of an older shop from everyone.
			await grantAccessKeys(db, [...readers, ...withData]);
			for (const { name } of withData) {
				const schema = schemaOf(name);
				await createSchema(db, schema);
				await handOver(db, schema, roleOf(name));
				const folder = join(root, 'functions', name, 'migrations');
				if (existsSync(folder)) await run(db, schema, folder, log, { runtime: roleOf(name) });
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

/** Does some work as the owner role of a schema, which owns what it creates and can create nothing elsewhere. */
async function asOwner<T>(db: pg.Client, schema: string, work: () => Promise<T>): Promise<T> {
	await db.query(
		`set role ${pg.escapeIdentifier(ownerRoleOf(schema))}; set search_path = ${pg.escapeIdentifier(schema)}`,
	);
	return await work().finally(() => db.query('rollback; reset role; reset search_path'));
}

/**
 * Runs the pending migrations of a schema as its owner role, all in one transaction.
 * @param options.before only those before this one
 * @param options.runtime the role of the running function
 */
async function run(
	db: pg.Client,
	schema: string,
	dir: string,
	log: (line: string) => void,
	{ before, runtime }: { before?: string; runtime?: string } = {},
): Promise<void> {
	const work = async () => {
		const pending = (await pendingIn(db, schema, dir)).filter((name) => before === undefined || name < before);
		if (!pending.length) return [];
		const { runner } = await import('node-pg-migrate');
		return await runner({
			dbClient: db,
			dir,
			direction: 'up',
			count: pending.length,
			schema,
			migrationsSchema: schema,
			migrationsTable: 'migrations',
			noLock: true, // The caller holds one lock for all schemas.
			log: () => {},
		});
	};
	const done = await asOwner(db, schema, () => patiently(db, work));
	if (runtime)
		await db.query(`revoke all on ${pg.escapeIdentifier(schema)}.migrations from ${pg.escapeIdentifier(runtime)}`);
	for (const { name } of done) log(`migrated ${schema}: ${name}`);
}

/** Returns the names of the migrations that have not run. Saves loading the runner and its statements at most starts. */
async function pendingIn(db: pg.Client, schema: string, dir: string): Promise<string[]> {
	const files = readdirSync(dir).map((file) => basename(file, '.sql'));
	const table = `${pg.escapeIdentifier(schema)}.migrations`;
	const { rows: found } = await db.query<{ there: boolean }>('select to_regclass($1) is not null as there', [table]);
	if (!found[0]?.there) return files;
	const { rows } = await db.query<{ name: string }>(`select name from ${table}`);
	const done = new Set(rows.map(({ name }) => name));
	return files.filter((file) => !done.has(file));
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
