import { join } from 'node:path';
import { runner } from 'node-pg-migrate';
import type pg from 'pg';
import { dropAll } from '../database/reset.ts';
import { attributeOf } from '../eventing/catalog/catalog.ts';
import { triggersOf } from '../eventing/delivery.ts';
import { functions } from '../functions/index.ts';
import type { Declaration } from '../kit/declare/declare.ts';
import { samples } from './library/library.ts';
import { roleUrl } from './run/owner.ts';
import { asOwner, freshDatabase } from './testing.ts';

/** Creates an empty database, which belongs to `owner` if given. */
export async function emptyDatabase(owner?: string): Promise<string> {
	const url = await freshDatabase();
	await dropAll(url, [...functions, ...samples]);
	if (owner) await asOwner(url, (db) => db.query(`alter database ${new URL(url).pathname.slice(1)} owner to ${owner}`));
	return url;
}

/** Runs the first migrations of a schema. */
const run = (dbClient: pg.Client, schema: string, dir: string, migrations = Number.POSITIVE_INFINITY) =>
	runner({
		...{ dbClient, dir, schema, migrationsSchema: schema, migrationsTable: 'migrations', noLock: true },
		...{ direction: 'up', count: migrations, log: () => {} },
	});

/** Grants a function of the library what an older release granted. */
async function grant(db: pg.Client, { name, emits, reacts }: Declaration, update: string): Promise<void> {
	await db.query(`grant usage on schema eventing to bodega_${name}`);
	await db.query(`grant select on eventing.triggers, eventing.emissions to bodega_${name}`);
	if (emits.length) await db.query(`grant select, insert on eventing.events to bodega_${name}`);
	if (reacts.length) await db.query(`grant select, insert, ${update} on eventing.deliveries to bodega_${name}`);
	for (const type of emits) await db.query('insert into eventing.emissions values ($1, $2)', [name, attributeOf(type)]);
}

/**
 * Creates the library as version 0.1 left it: each function's role owns its schema, and a superuser owns the eventing.
 * @param root the folder of the migrations
 */
export async function olderShop(root: string): Promise<string> {
	const url = await emptyDatabase();
	await asOwner(url, async (db) => {
		await db.query(`grant connect on database ${new URL(url).pathname.slice(1)} to public`);
		await db.query('create schema eventing');
		await run(db, 'eventing', join(root, 'eventing', 'migrations'), 5);
		for (const sample of samples) {
			await db.query(`create schema ${sample.name} authorization bodega_${sample.name}`);
			await grant(db, sample, 'update');
		}
	});
	for (const { name } of samples)
		await asOwner(roleUrl(url, name), (db) => run(db, name, join(root, 'functions', name, 'migrations')));
	return url;
}

/**
 * Creates the eventing of the library as the release before the partitions left it (migration 011).
 * @param root the folder of the migrations
 */
export async function unpartitionedShop(root: string): Promise<string> {
	const url = await emptyDatabase();
	await asOwner(url, async (db) => {
		await db.query(`grant connect on database ${new URL(url).pathname.slice(1)} to public;
			create schema eventing authorization "bodega_eventing$owner"; set role "bodega_eventing$owner";
			create table eventing.migration_lock ()`);
		await run(db, 'eventing', join(root, 'eventing', 'migrations'), 11);
		await db.query('grant usage on schema eventing to bodega_relay, bodega_event_log');
		for (const sample of samples) {
			await grant(db, sample, 'update (attempts, received_at, handled_at, failures)');
			if (sample.reacts.length)
				await db.query(
					`grant execute on function eventing.is_emitted(text, text, text, text, jsonb) to bodega_${sample.name}`,
				);
		}
		for (const { name, type, function: fn } of triggersOf(samples))
			await db.query('insert into eventing.triggers values ($1, $2, $3)', [name, attributeOf(type), fn]);
	});
	return url;
}
