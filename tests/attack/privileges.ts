import type pg from 'pg';

/**
 * Tries every statement on every table and view outside the role's own schema, and undoes what succeeds. A statement that
 * fails for another reason than a missing right counts as possible.
 */
const tries = `do $$ declare
	thing record; action text; found text[] := '{}';
begin
	for thing in select c.oid::regclass::text as name, c.relkind, (select array_agg(attname) from pg_attribute
			where attrelid = c.oid and attnum > 0 and not attisdropped) as columns
		from pg_class c where c.relkind in ('r', 'p', 'v', 'm') and c.relnamespace::regnamespace::text not in
			('pg_catalog', 'information_schema', 'pg_toast', current_setting('attack.own'))
	loop
		for action in
			select format('select from %s', thing.name)
			union all select format('select from %s %s', thing.name, lock)
				from unnest('{for update,for no key update,for share,for key share}'::text[]) lock
			union all select format('lock table %s in %s mode', thing.name, mode)
				from unnest('{access share,row share,row exclusive,share update exclusive,share,share row exclusive,exclusive,access exclusive}'::text[]) mode
			union all select format('insert into %s default values', thing.name)
			union all select format('update %s set %I = %2$I', thing.name, col) from unnest(thing.columns) col
			union all select format('delete from %s', thing.name)
			union all select format('truncate %s', thing.name) where thing.relkind = 'r'
		loop
			begin
				execute action;
				raise sqlstate 'ZZ001';
			-- A view that nobody can update, or an identity that nobody can set.
			exception when insufficient_privilege or object_not_in_prerequisite_state or sqlstate '428C9' or feature_not_supported then null;
			when others then found := found || action;
			end;
		end loop;
	end loop;
	perform set_config('attack.found', to_json(found)::text, false);
end $$`;

/** Returns the statements that a role is able to run on what belongs to others. */
export async function possible(db: pg.Client, ownSchema: string): Promise<string[]> {
	await db.query('set default_transaction_read_only = off');
	await db.query(`select set_config('attack.own', $1, false)`, [ownSchema]);
	await db.query(tries);
	const { rows } = await db.query<{ found: string[] }>(`select current_setting('attack.found')::json as found`);
	return (rows[0]?.found ?? []).map((action) => action.replaceAll('"', ''));
}

/** A right that the shop intends a role to have: to select, to insert, or to update the named columns. */
export type Right = 'select' | 'select columns' | 'insert' | `update ${string}`;

/** Returns the statements that follow from a right. None conflicts with another function's reading or writing. */
export function following(table: string, right: Right): string[] {
	if (right.startsWith('update '))
		return [
			...['for update', 'for no key update', 'for share', 'for key share'].map(
				(lock) => `select from ${table} ${lock}`,
			),
			...right
				.slice('update '.length)
				.split(', ')
				.map((column) => `update ${table} set ${column} = ${column}`),
		];
	const lock = (mode: string): string => `lock table ${table} in ${mode} mode`;
	if (right === 'insert')
		return [`insert into ${table} default values`, ...['access share', 'row share', 'row exclusive'].map(lock)];
	return [`select from ${table}`, ...(right === 'select' ? [lock('access share')] : [])];
}
