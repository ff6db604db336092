import type { ClientBase } from 'pg';
import { changed } from '../locks.ts';

const day = 24 * 3600 * 1000;
const week = 7 * day;

/** The partitions that exist ahead of the clock. Events after the last one are stored in `events_rest`. */
const ahead = 4;

/** A pair of partitions: of `eventing.events` and of `eventing.deliveries`, with the same ids. */
export interface Partition {
	/** The tables, with their schema. */
	readonly events: string;
	readonly deliveries: string;
	/** The first id that can be in it; empty for the first partition. */
	readonly from: string;
	/** The first id that is not in it. */
	readonly to: string;
}

/** Returns what the ids of events begin with from a time on (UUIDv7: RFC 9562, 5.7). It is in order before each of them. */
export const idFrom = (milliseconds: number): string =>
	Math.max(0, milliseconds).toString(16).padStart(12, '0').replace(/^.{8}/, '$&-');

/** Returns the time of such an id, in milliseconds. */
export const timeOf = (id: string): number => Number.parseInt(id.replace('-', ''), 16);

/** Returns the database's time, in milliseconds: the ids of events have it too. */
export async function timeIn(db: ClientBase): Promise<number> {
	const { rows } = await db.query<{ now: string }>('select extract(epoch from now()) * 1000 as now');
	return Math.floor(Number(rows[0]?.now));
}

/** Lists the partitions with a last id, oldest first. */
export async function list(db: ClientBase): Promise<Partition[]> {
	const { rows } = await db.query<Partition>(
		`select 'eventing.' || c.relname as events, 'eventing.' || replace(c.relname, 'events', 'deliveries') as deliveries,
			coalesce(b.bounds[1], '') as from, b.bounds[2] as to
		 from pg_inherits i join pg_class c on c.oid = i.inhrelid,
			regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \\((?:MINVALUE|''([0-9a-f-]+)'')\\) TO \\(''([0-9a-f-]+)''\\)') as b (bounds)
		 where i.inhparent = 'eventing.events'::regclass and b.bounds is not null order by b.bounds[2] collate "C"`,
	);
	return rows;
}

/**
 * Creates the partitions of the coming weeks. Each is for a thirteenth of the time that events are stored, in whole weeks, so that
 * there are about as many however long that is: a search by anything but the id visits all of them.
 * @param days the time that events are stored
 */
export async function createComing(db: ClientBase, days: number): Promise<void> {
	const now = await timeIn(db);
	const width = Math.ceil(days / 91) * week;
	const existing = await list(db);
	// A clock that was far ahead has left partitions there, and a gap before them.
	for (let from = now - (now % day), to = from; from <= now + ahead * width; from = to) {
		const id = idFrom(from);
		const same = existing.find((partition) => partition.from <= id && id < partition.to);
		const next = existing.find((partition) => id < partition.from);
		to = same ? timeOf(same.to) : Math.min(from + width, next ? timeOf(next.from) : Number.POSITIVE_INFINITY);
		if (!same) await create(db, from, to);
	}
}

/** Creates a pair of partitions, unless events of that time are in `events_rest` already: then the others follow them there. */
async function create(db: ClientBase, from: number, to: number): Promise<void> {
	const name = new Date(from).toISOString().slice(0, 10).replaceAll('-', '');
	const range = [idFrom(from), idFrom(to)] as const;
	await changed(db, async () => {
		for (const table of ['events', 'deliveries']) {
			const rest = `eventing.${table}_rest where id >= $1 and id < $2`;
			if ((await db.query(`select from ${rest} limit 1`, [...range])).rowCount) return;
		}
		// To attach a table locks only that of the rest, which is small; to create it as a partition would lock all.
		for (const table of ['events', 'deliveries'])
			await db.query(
				`create table eventing.${table}_${name} (like eventing.${table} including defaults);
				alter table eventing.${table} attach partition eventing.${table}_${name} for values from ('${range[0]}') to ('${range[1]}')`,
			);
	});
}
