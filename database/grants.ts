import pg from 'pg';
import type { Declaration } from '../kit/declare/declare.ts';
import { shop } from '../shop.ts';
import { onServer, roleOf, schemaOf } from './roles.ts';

/** Lets a function write events if it emits, and deliveries if it reacts. Row security limits both to its own. */
export async function grantEvents(db: pg.Client, { name, emits, reacts, deadLetters }: Declaration): Promise<void> {
	const role = pg.escapeIdentifier(roleOf(name));
	// In one transaction, so that a running function never lacks the rights between revoke and grant.
	await db.query(`
		begin;
		grant usage on schema eventing to ${role};
		grant select on eventing.triggers, eventing.emissions to ${role};
		revoke insert on eventing.events, eventing.deliveries, eventing.refusals from ${role};
		revoke update on eventing.deliveries from ${role}`);
	if (emits.length) await db.query(`grant select, insert on eventing.events to ${role}`);
	// The right to update some columns, unlike that to update the table, is not the right to lock the table.
	if (reacts.length)
		await db.query(`
			grant select, insert, update (attempts, received_at, handled_at, failures) on eventing.deliveries to ${role};
			grant select, insert, update (count, last_at) on eventing.refusals to ${role}`);
	if (reacts.length || deadLetters)
		await db.query(`
			grant execute on function eventing.is_emitted(text, text, text, text, jsonb), eventing.is_removed(text, text) to ${role}`);
	await db.query('commit');
}

/** Lets each function that verifies access tokens read their public keys. */
export async function grantAccessKeys(db: pg.Client, functions: readonly Declaration[]): Promise<void> {
	const keys = `${pg.escapeIdentifier(schemaOf(shop.accounts))}.access_keys`;
	const { rows } = await db.query('select to_regclass($1) as view', [keys]);
	if (!rows[0]?.view) return;
	for (const { name, api } of functions) {
		if (!Object.values(api?.operations ?? {}).some(({ access = 'public' }) => access !== 'public')) continue;
		const role = pg.escapeIdentifier(roleOf(name));
		await db.query(`grant usage on schema ${pg.escapeIdentifier(schemaOf(shop.accounts))} to ${role}`);
		await db.query(`grant select on ${keys} to ${role}`);
	}
}

/**
 * Takes from everyone what Postgres gives to everyone: temporary tables, the schema `public`, large objects, advisory locks,
 * the lock on `pg_settings`, which pg_dump reads, and the server's other databases. Only a superuser can change the rights to
 * functions of Postgres.
 */
export async function closeDoors(db: pg.Client, ownServer: boolean): Promise<void> {
	await onServer(() =>
		db.query(`do $$ begin
			execute format('revoke all on database %I from public', current_database());
			revoke all on schema public from public;
		end $$`),
	);
	const { rows } = await db.query('select rolsuper from pg_roles where rolname = current_user');
	if (!rows[0]?.rolsuper) return;
	await db.query(`revoke update on pg_catalog.pg_settings from public; do $$ declare door regprocedure; begin
		for door in select p.oid::regprocedure from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
			where p.pronamespace = 'pg_catalog'::regnamespace and a.grantee = 0
			and p.proname ~ '^(pg_(try_)?advisory_|lo_|loread$|lowrite$|pg_logical_emit_message$)'
		loop execute format('revoke execute on function %s from public', door); end loop;
	end $$`);
	if (!ownServer) return;
	const others = await db.query<{ datname: string }>(
		`select datname from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) a
		 where datname in ('postgres', 'template1') and a.grantee = 0 group by datname`,
	);
	for (const { datname } of others.rows)
		await onServer(() => db.query(`revoke all on database ${pg.escapeIdentifier(datname)} from public`));
}

/** Lets monitoring see how many events wait and for how long, but not the events themselves. */
export async function grantHealth(owner: pg.Client, monitor: string): Promise<void> {
	const role = pg.escapeIdentifier(roleOf(monitor));
	await owner.query(`grant usage on schema eventing to ${role}`);
	await owner.query(
		`grant select on eventing.outbox_health, eventing.trigger_health, eventing.refusal_health to ${role}`,
	);
}
