import { join } from 'node:path';
import { runner } from 'node-pg-migrate';
import type pg from 'pg';
import { dropAll } from '../database/reset.ts';
import { attributeOf } from '../eventing/catalog/catalog.ts';
import { functions } from '../functions/index.ts';
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

/**
 * Creates the library as version 0.1 left it: each function's role owns its schema, and a superuser owns the eventing.
 * @param root the folder of the migrations
 */
export async function olderShop(root: string): Promise<string> {
	const url = await emptyDatabase();
	const run = (dbClient: pg.Client, schema: string, dir: string, migrations = Number.POSITIVE_INFINITY) =>
		runner({
			...{ dbClient, dir, schema, migrationsSchema: schema, migrationsTable: 'migrations', noLock: true },
			...{ direction: 'up', count: migrations, log: () => {} },
		});
	await asOwner(url, async (db) => {
		await db.query(`grant connect on database ${new URL(url).pathname.slice(1)} to public`);
		await db.query('create schema eventing');
		await run(db, 'eventing', join(root, 'eventing', 'migrations'), 5);
		for (const { name, emits, reacts } of samples) {
			await db.query(
				`create schema ${name} authorization bodega_${name}; grant usage on schema eventing to bodega_${name}`,
			);
			await db.query(`grant select on eventing.triggers, eventing.emissions to bodega_${name}`);
			if (emits.length) await db.query(`grant select, insert on eventing.events to bodega_${name}`);
			if (reacts.length) await db.query(`grant select, insert, update on eventing.deliveries to bodega_${name}`);
			for (const type of emits)
				await db.query('insert into eventing.emissions values ($1, $2)', [name, attributeOf(type)]);
		}
	});
	for (const { name } of samples)
		await asOwner(roleUrl(url, name), (db) => run(db, name, join(root, 'functions', name, 'migrations')));
	return url;
}
