-- Events and deliveries are partitioned by the time in their ids, so that old ones are removed by dropping tables. No row is
-- copied: the tables so far become the first partitions, for ids up to a boundary. `database/retention/preparation.ts` has proved in a
-- valid constraint that they have no later id. All that the running functions use stays: names, columns, grants, policies.

-- Functions wait behind this, and fail after a second. Without its locks in time, the migration tries again.
set local lock_timeout = '100ms';

create index on eventing.dead_letters (event_id);

do $$
declare
	boundary text := (select substring(pg_get_constraintdef(oid) from '''([0-9a-f-]+)''') from pg_constraint
		where conrelid = 'eventing.events'::regclass and conname = 'before_partitions');
	today bigint := extract(epoch from date_trunc('day', now(), 'UTC')) * 1000;
	statements text[];
	statement text;
	grantee text;
	former text;
	name text;
begin
	-- Without the constraint the tables are new and empty.
	boundary := coalesce(boundary, regexp_replace(lpad(to_hex(today), 12, '0'), '(.{8})(.{4})', '\1-\2'));

	lock table eventing.deliveries, eventing.events in access exclusive mode;

	-- The statements that give the new tables what the old ones have, and bind functions and views to them.
	statements := array(
		select format('create policy %I on eventing.%I for %s to %s', policyname, tablename, cmd, array_to_string(roles, ', '))
			|| coalesce(' using (' || qual || ')', '') || coalesce(' with check (' || with_check || ')', '')
		from pg_policies where schemaname = 'eventing' and tablename in ('events', 'deliveries')
		union all
		select format('grant %s on eventing.%I to %s', a.privilege_type, c.relname, a.grantee::regrole)
		from pg_class c, aclexplode(c.relacl) a
		where c.oid in ('eventing.events'::regclass, 'eventing.deliveries'::regclass) and a.grantee <> c.relowner
		union all
		select format('grant %s (%I) on eventing.%I to %s', a.privilege_type, t.attname, c.relname, a.grantee::regrole)
		from pg_class c join pg_attribute t on t.attrelid = c.oid, aclexplode(t.attacl) a
		where c.oid in ('eventing.events'::regclass, 'eventing.deliveries'::regclass)
		union all
		select distinct pg_get_functiondef(d.objid) from pg_depend d where d.classid = 'pg_proc'::regclass
		and d.refobjid in ('eventing.events'::regclass, 'eventing.deliveries'::regclass)
		union all
		select distinct format('create or replace view %s as %s', r.ev_class::regclass, pg_get_viewdef(r.ev_class))
		from pg_depend d join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
		where d.refobjid in ('eventing.events'::regclass, 'eventing.deliveries'::regclass));

	foreach name in array array['events', 'deliveries'] loop
		former := name || '_before';
		execute format('drop trigger drill on eventing.%I', name);
		for statement in select format('drop policy %I on eventing.%I', policyname, tablename)
			from pg_policies where schemaname = 'eventing' and tablename = name
		loop execute statement; end loop;
		for grantee in select distinct a.grantee::regrole from pg_class c left join pg_attribute t on t.attrelid = c.oid,
			aclexplode(coalesce(c.relacl, '{}') || coalesce(t.attacl, '{}')) a
			where c.oid = format('eventing.%I', name)::regclass and a.grantee <> c.relowner
		loop execute format('revoke all on eventing.%I from %s', name, grantee); end loop;
		execute format('alter table eventing.%I disable row level security', name);
		execute format('alter table eventing.%I rename to %I', name, former);
		for statement in select format('alter index %s rename to %I', indexrelid::regclass, replace(relname, name, former))
			from pg_index join pg_class on pg_class.oid = indexrelid where indrelid = format('eventing.%I', former)::regclass
		loop execute statement; end loop;

		execute format('create table eventing.%I (like eventing.%I including all excluding constraints) partition by range (id)', name, former);
		execute format('alter table eventing.%I enable row level security', name);
		execute format('alter table eventing.%I attach partition eventing.%I for values from (minvalue) to (%L)', name, former, boundary);
		execute format('alter table eventing.%I drop constraint if exists before_partitions', former);
		-- For ids that no other partition is for. It exists already if the preparation has found some.
		execute format('create table if not exists eventing.%I (like eventing.%I including defaults)', name || '_rest', name);
		execute format('alter table eventing.%I attach partition eventing.%I default', name, name || '_rest');
	end loop;

	foreach statement in array statements loop execute statement; end loop;
end
$$;

create trigger drill before insert or update on eventing.deliveries
	for each row when (new.handled_at is not null) execute function eventing.fail_in_drill();
create trigger drill after insert on eventing.events for each row execute function eventing.poison_in_drill();

-- One row: up to which id settled events have been removed, and when the last partition was.
create table eventing.removals (
	before text not null default '',
	at timestamptz not null default '-infinity'
);
insert into eventing.removals default values;

-- Whether the event was removed with its deliveries, or was never there and is older than what was. A later delivery of it does nothing.
create function eventing.is_removed(source text, id text) returns boolean
	language sql stable security definer
begin atomic
	select is_removed.id < (select r.before from eventing.removals r)
		and not exists (select from eventing.events e where (e.source, e.id) = (is_removed.source, is_removed.id));
end;
revoke execute on function eventing.is_removed(text, text) from public;
