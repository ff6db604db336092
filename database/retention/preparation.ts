import type { ClientBase } from 'pg';
import { changed } from '../locks.ts';
import { idFrom, timeIn, timeOf } from './partitions.ts';

const week = 7 * 24 * 3600 * 1000;

/**
 * How far ahead the boundary is of the tables that become the first partitions. Until then they take all events. It is also the time
 * in which a migration that was interrupted has to be repeated: after it, the constraint would reject new events.
 */
const ahead = 8 * week;

/**
 * Prepares the tables of events and deliveries of an older release to become the first partitions of new ones
 * (`eventing/migrations/012-partitions.sql`), while functions use them: proves in a constraint that they have no id after a boundary.
 * Without a valid one, Postgres would read the tables while nobody can use them. Each step can be interrupted and repeated.
 */
export async function preparePartitions(db: ClientBase): Promise<void> {
	const { rowCount: isUnpartitioned } = await db.query(
		`select from pg_class where oid = 'eventing.events'::regclass and relkind = 'r'`,
	);
	if (!isUnpartitioned) return;
	// New tables need no proof.
	const { rowCount: isUsed } = await db.query(
		'(select from eventing.events limit 1) union all (select from eventing.deliveries limit 1)',
	);
	if (!isUsed) return;
	const boundary = await boundaryOf(db);
	for (const table of ['events', 'deliveries']) {
		await changed(db, async () => {
			// For ids after the boundary, such as of events that were stored while the clock was far ahead.
			await db.query(`create table if not exists eventing.${table}_rest (like eventing.${table} including defaults)`);
			if ((await constraints(db, table)).length) return;
			await db.query(
				`alter table eventing.${table} add constraint before_partitions check (id < '${boundary}') not valid`,
			);
		});
		await db.query(
			`with moved as (delete from eventing.${table} where id >= '${boundary}' returning *)
			 insert into eventing.${table}_rest select * from moved`,
		);
		// Reads the whole table, which functions can write meanwhile.
		await db.query(`alter table eventing.${table} validate constraint before_partitions`);
	}
}

async function constraints(db: ClientBase, table: string): Promise<string[]> {
	const { rows } = await db.query<{ boundary: string }>(
		`select substring(pg_get_constraintdef(oid) from '''([0-9a-f-]+)''') as boundary from pg_constraint
		 where conrelid = $1::regclass and conname = 'before_partitions'`,
		[`eventing.${table}`],
	);
	return rows.map(({ boundary }) => boundary);
}

/** Returns the boundary of both tables: that of an interrupted migration, unless it has come near. */
async function boundaryOf(db: ClientBase): Promise<string> {
	const now = await timeIn(db);
	const [found] = await constraints(db, 'events');
	if (found !== undefined && timeOf(found) > now + ahead / 2) return found;
	await changed(db, () =>
		db.query(`alter table eventing.events drop constraint if exists before_partitions;
			alter table eventing.deliveries drop constraint if exists before_partitions`),
	);
	return idFrom(now - (now % (24 * 3600 * 1000)) + ahead);
}
