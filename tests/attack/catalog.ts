import type pg from 'pg';

/** Functions of Postgres that find an object by a name that they get when they run. */
const finders =
	'^(to_reg|text_reg|reg[a-z]+in$|(query|table|schema|database|cursor)_to_xml|ts_stat$|parse_ident$|to_tsvector$|(phrase|plain|websearch_)?to_tsquery$)';

/**
 * Lists what a run-time role could change, or gains from everyone, and code that resolves a name by the path of its caller.
 * $1: the run-time roles. $2: the routines that everyone is allowed to call.
 */
const faults = `
	with roles as (select oid, rolname from pg_roles where rolname = any ($1)),
	ours as (
		select oid, nspname from pg_namespace
		where nspname not in ('pg_catalog', 'information_schema') and nspname !~ '^pg_(toast|temp)'
	),
	-- Every expression and body that Postgres stores as a tree.
	code (class, id, sub, tree) as (
		select 'pg_policy'::regclass, oid, 0, concat(polqual, polwithcheck) from pg_policy
		union all select 'pg_attrdef'::regclass, oid, 0, adbin::text from pg_attrdef
		union all select 'pg_constraint'::regclass, oid, 0, conbin::text from pg_constraint where connamespace in (select oid from ours)
		union all select 'pg_class'::regclass, indexrelid, 0, concat(indexprs, indpred) from pg_index
		union all select 'pg_trigger'::regclass, oid, 0, tgqual::text from pg_trigger
		union all select 'pg_type'::regclass, oid, 0, typdefaultbin::text from pg_type where typnamespace in (select oid from ours)
		union all select 'pg_proc'::regclass, oid, 0, concat(prosqlbody, proargdefaults) from pg_proc where pronamespace in (select oid from ours)
		union all select 'pg_rewrite'::regclass, r.oid, 0, concat(r.ev_qual, r.ev_action) from pg_rewrite r
			join pg_class c on c.oid = r.ev_class where c.relnamespace in (select oid from ours)
	),
	-- The rights of everyone, which are null where they are what Postgres gives by default.
	everyone (thing, privilege) as (
		select 'schema ' || n.nspname, a.privilege_type from pg_namespace n join ours using (oid), aclexplode(n.nspacl) a where a.grantee = 0
		union all select 'database', a.privilege_type from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
			where d.datname = current_database() and a.grantee = 0
		union all select c.oid::regclass::text, a.privilege_type from pg_class c join ours on ours.oid = c.relnamespace, aclexplode(c.relacl) a where a.grantee = 0
		union all select c.oid::regclass || '.' || t.attname, a.privilege_type from pg_attribute t join pg_class c on c.oid = t.attrelid
			join ours on ours.oid = c.relnamespace, aclexplode(t.attacl) a where a.grantee = 0
		union all select c.oid::regclass::text, a.privilege_type from pg_class c, aclexplode(c.relacl) a
			where c.relnamespace = 'pg_catalog'::regnamespace and a.grantee = 0 and a.privilege_type <> 'SELECT'
		union all select p.oid::regprocedure::text, a.privilege_type
			from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
			where a.grantee = 0 and p.oid::regprocedure::text <> all ($2) and (p.pronamespace in (select oid from ours)
				or p.proname ~ '^(pg_(try_)?advisory_|lo_|loread$|lowrite$|pg_logical_emit_message$)' and p.pronamespace = 'pg_catalog'::regnamespace)
	)
	select format('%s is owned by %s', pg_describe_object(d.classid, d.objid, d.objsubid), r.rolname) as fault
	from pg_shdepend d join roles r on r.oid = d.refobjid
	where d.refclassid = 'pg_authid'::regclass and d.deptype = 'o'
		and d.dbid in (0, (select oid from pg_database where datname = current_database()))
	union all
	select format('%s can create in schema %s', r.rolname, n.nspname)
	from roles r, pg_namespace n where has_schema_privilege(r.oid, n.oid, 'create')
	union all
	select format('%s has %s on the database', r.rolname, privilege) from roles r, unnest('{create,temporary}'::text[]) privilege
	where has_database_privilege(r.oid, current_database(), privilege)
	union all
	select format('%s has %s on %s', r.rolname, a.privilege_type, c.oid::regclass)
	from pg_class c, aclexplode(c.relacl) a join roles r on r.oid = a.grantee
	where a.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN') or a.is_grantable
	union all
	select format('%s has the attribute %s', r.rolname, attribute)
	from pg_roles r join roles using (oid), unnest(array[
		case when r.rolsuper then 'superuser' end, case when r.rolcreaterole then 'createrole' end, case when r.rolcreatedb then 'createdb' end,
		case when r.rolreplication then 'replication' end, case when r.rolbypassrls then 'bypassrls' end]) attribute where attribute is not null
	union all
	select format('%s is a member of %s', r.rolname, m.roleid::regrole) from pg_auth_members m join roles r on r.oid = m.member
	union all
	select format('%s resolves names by its caller''s path', p.oid::regprocedure) from pg_proc p join pg_language l on l.oid = p.prolang
	where p.pronamespace in (select oid from ours) and p.prosqlbody is null and l.lanname not in ('c', 'internal')
		and not exists (select from unnest(p.proconfig) setting where setting like 'search\\_path=%')
	union all
	select distinct format('%s finds an object by name with %s', pg_describe_object(class, id, sub), p.proname)
	from code, regexp_matches(tree, ':(?:funcid|opfuncid) (\\d+)', 'g') called join pg_proc p on p.oid = called[1]::oid
	where p.pronamespace = 'pg_catalog'::regnamespace and (p.proname ~ $3 or p.prosrc ~ $3)
	union all
	select distinct format('%s finds an object by name with a cast to %s', pg_describe_object(class, id, sub), t.typname)
	from code, regexp_matches(tree, ':resulttype (\\d+)', 'g') cast_to join pg_type t on t.oid = cast_to[1]::oid
	where tree ~ 'COERCEVIAIO' and t.typname ~ '^reg'
	union all
	select format('everyone has %s on %s', privilege, thing) from everyone`;

/** Returns what is wrong in the catalog of a migrated database, a line each. */
export async function faultsOf(db: pg.Client, roles: readonly string[]): Promise<string[]> {
	const { rows } = await db.query<{ fault: string }>(faults, [roles, callable, finders]);
	return rows.map(({ fault }) => fault).sort();
}

/**
 * The routines of the shop that everyone is allowed to call. Policies call this one as whoever reads or writes a row, and it
 * returns the caller's own name. Apart from it everyone has what Postgres itself needs: to read most of `pg_catalog`, to call
 * its harmless functions, and to use its types and the languages of migrations, which create nothing by themselves.
 */
const callable = ['eventing.current_function()'];
