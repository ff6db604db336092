import type { ClientBase } from 'pg';
import { changed } from '../locks.ts';
import type { Removed } from './archive.ts';
import type { Partition } from './partitions.ts';

/**
 * The most events that are moved out of a partition before it is removed: those that are not settled. While there are more, the
 * partition stays as it is. To move these takes less than the time for which a function waits for a lock.
 */
export const mostMoved = 5_000;

/** The most events that one transaction removes from `events_rest`. */
const batch = 5_000;

/** SQL for an open dead letter `l`: no admin has decided on it, and no other delivery of the event was handled. */
const isOpen = `l.resolution is null and not exists (select from eventing.deliveries d
	where (d.source, d.id, d.trigger) = (l.source, l.event_id, l.trigger) and d.handled_at is not null)`;

/** A pattern for the names of tables that are parts of the log, or were. */
export const aside = '^(events|deliveries|dead_letters)_';

interface Key {
	readonly source: string;
	readonly id: string;
}

/** The tables whose rows a removal has taken from the log. */
export type SetAside = Pick<Removed, 'events' | 'deliveries' | 'deadLetters'>;

/** Returns the table for the dead letters of a removal. */
const deadLettersOf = (events: string): string => events.replace('.events_', '.dead_letters_');

/** Runs a change of the log. Whatever the statistics of the tables say, it finds each row through an index. */
const changedByIndex = <T>(db: ClientBase, change: () => Promise<T>): Promise<T> =>
	changed(db, async () => {
		await db.query('set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off');
		return await change();
	});

/**
 * Takes a partition out of the log, with the dead letters of its events. First moves to `events_rest` the events that are not
 * settled or have an open dead letter, with all of their deliveries. All of that is one short transaction.
 * @returns false if the partition has to stay, because too many of its events are not settled
 */
export async function setAside(db: ClientBase, { events, deliveries, to }: Partition): Promise<boolean> {
	return await changedByIndex(db, async () => {
		await db.query('lock table only eventing.deliveries, only eventing.events in access exclusive mode');
		const { rows: kept } = await db.query<Key>(
			`select source, id from ${events} where settled_at is null
			 union
			 select e.source, e.id from eventing.dead_letters l join ${events} e on (e.source, e.id) = (l.source, l.event_id)
			 where ${isOpen} limit ${mostMoved + 1}`,
		);
		if (kept.length > mostMoved) return false;
		await db.query(`alter table eventing.events detach partition ${events};
			alter table eventing.deliveries detach partition ${deliveries}`);
		for (const [from, rest] of [
			[events, 'eventing.events_rest'],
			[deliveries, 'eventing.deliveries_rest'],
		] as const) {
			// The trigger makes the handling of events fail in a drill. Nothing is handled here.
			await db.query(`alter table ${rest} disable trigger drill`);
			await move(db, from, rest, kept);
			await db.query(`alter table ${rest} enable trigger drill`);
		}
		await noteRemoval(db, to, deadLettersOf(events));
		await db.query('update eventing.removals set at = now()');
		return true;
	});
}

/** Moves the rows of some events. */
async function move(db: ClientBase, from: string, to: string, keys: readonly Key[]): Promise<void> {
	await db.query(
		`with moved as (delete from ${from} f using unnest($1::text[], $2::text[]) as k (source, id)
			where (f.source, f.id) = (k.source, k.id) returning f.*)
		 insert into ${to} select * from moved`,
		[keys.map(({ source }) => source), keys.map(({ id }) => id)],
	);
}

/** Moves the dead letters of events that are gone to a new table, and remembers that events before this id can be gone. */
async function noteRemoval(db: ClientBase, before: string, deadLetters: string): Promise<void> {
	await db.query(`create table ${deadLetters} (like eventing.dead_letters)`);
	await db.query(
		`with moved as (delete from eventing.dead_letters l where l.event_id < $1
			and not exists (select from eventing.events e where (e.source, e.id) = (l.source, l.event_id)) returning l.*)
		 insert into ${deadLetters} select * from moved`,
		[before],
	);
	await db.query('update eventing.removals set before = greatest(before, $1)', [before]);
}

/**
 * Takes a batch of the settled events before an id out of `events_rest`, into tables of their own. Returns whether there can be
 * more.
 */
export async function setRestAside(db: ClientBase, before: string): Promise<boolean> {
	return await changedByIndex(db, async () => {
		const { rows } = await db.query<Key>(
			`select source, id from eventing.events_rest e where id < $1 and settled_at is not null
			 and not exists (select from eventing.dead_letters l where (l.source, l.event_id) = (e.source, e.id) and ${isOpen})
			 order by id limit ${batch}`,
			[before],
		);
		if (rows.length === 0) return false;
		const name = `rest_${Date.now()}`;
		for (const table of ['events', 'deliveries']) {
			await db.query(`create table eventing.${table}_${name} (like eventing.${table})`);
			await move(db, `eventing.${table}_rest`, `eventing.${table}_${name}`, rows);
		}
		await noteRemoval(db, before, `eventing.dead_letters_${name}`);
		return rows.length === batch;
	});
}

/** Lists the tables that were set aside and not dropped yet. */
export async function listAside(db: ClientBase): Promise<SetAside[]> {
	const { rows } = await db.query<SetAside>(
		`select 'eventing.' || relname as events, 'eventing.' || replace(relname, 'events', 'deliveries') as deliveries,
			'eventing.' || replace(relname, 'events', 'dead_letters') as "deadLetters" from pg_class
		 where relnamespace = 'eventing'::regnamespace and relkind = 'r' and not relispartition and relname ~ '^events_' order by relname`,
	);
	return rows;
}

/** Drops tables that were set aside. */
export const drop = (db: ClientBase, { events, deliveries, deadLetters }: SetAside): Promise<unknown> =>
	changed(db, () => db.query(`drop table ${events}; drop table if exists ${deliveries}, ${deadLetters}`));
