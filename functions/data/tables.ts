import type { Queryable } from '../../kit/data/database.ts';
import type { Table } from './api.ts';
import { query } from './query.ts';

// The catalog lists every table to every role, so the query selects those that this role has the privilege to read.
// A partitioned table has its rows in its partitions.
const tables = `select n.nspname as schema, c.relname as name, (select sum(case when pg_relation_size(p.oid) = 0 then 0
		else coalesce(nullif(pg_stat_get_live_tuples(p.oid), 0), nullif(p.reltuples, -1)::bigint) end)::bigint
		from pg_class p where p.relkind = 'r' and (p.oid = c.oid or p.oid in (select relid from pg_partition_tree(c.oid)))) as estimated_rows,
	(select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
			'nullable', not a.attnotnull, 'key', a.attnum = any (coalesce(k.conkey, '{}'))) order by a.attnum)
		from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
			and has_column_privilege(c.oid, a.attnum, 'select')) as columns,
	-- Those that serve the order of their columns: ascending, of every row, in the columns' own collations.
	(select coalesce(json_agg(i.columns order by i.columns::text), '[]') from (
		select json_agg(a.attname order by place) as columns
		from pg_index i join pg_class ic on ic.oid = i.indexrelid join pg_am am on am.oid = ic.relam and am.amname = 'btree'
		cross join unnest(i.indkey::int2[], i.indcollation::oid[]) with ordinality as part (attnum, collation_id, place)
		left join pg_attribute a on a.attrelid = c.oid and a.attnum = part.attnum and a.attcollation = part.collation_id
			and has_column_privilege(c.oid, a.attnum, 'select')
		where i.indrelid = c.oid and i.indisvalid and i.indpred is null and part.place <= i.indnkeyatts
		group by i.indexrelid having bool_and(a.attnum is not null)) i) as indexes
	from pg_class c
	join pg_namespace n on n.oid = c.relnamespace
	left join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
	where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
		and has_schema_privilege(n.oid, 'usage') and has_any_column_privilege(c.oid, 'select')`;

/** Returns all tables, as one JSON text: for a row each, V8 would soon optimize the driver's code, which takes 4 MB. */
export async function list(db: Queryable): Promise<Table[]> {
	const text = `select coalesce(json_agg(t order by t.schema, t.name), '[]') as all from (${tables}) t`;
	const [row] = await query<{ all: Table[] }>(db, text);
	return row?.all ?? [];
}

/** Finds a table. @param name the name with its schema, like `books.books` */
export async function find(db: Queryable, name: string): Promise<Table | undefined> {
	return (await query<Table>(db, `${tables} and n.nspname || '.' || c.relname = $1`, [name]))[0];
}
