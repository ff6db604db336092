import type { Declaration } from '../../kit/declare/declare.ts';

/** A function that is taken over, and another function, whose session is open. */
export interface Case {
	readonly role: string;
	readonly schema: string;
	/** A table of the function's own, if it has one. */
	readonly own: string | undefined;
	readonly victim: Declaration;
	/** The process id of the victim's session. */
	readonly pid: number;
}

/** An attack, and the outcomes that a harmless one has: SQLSTATEs or numbers of rows. */
export type Attack = readonly [sql: string, ...harmless: string[]];

export const refused = '42501';

/** The outcome of a grant without the right to grant: Postgres only warns that it granted nothing. */
const idle = 'none';

const insertEvent = (source: string, type: string): string =>
	`insert into eventing.events (source, type, subject, dataschema, traceparent, data)
	 values ('/functions/${source}', 'dev.bodega.${type}', '1', 'urn:x', '00', '{}')`;

/** Forging events, deliveries and whatever else the functions share. */
function forgeries({ role, schema, victim }: Case): Attack[] {
	const trigger = `${victim.name}-on-${victim.reacts[0]?.replace('.', '-')}`;
	const forged = insertEvent(victim.name, victim.emits[0] ?? '');
	return [
		[forged],
		[`set search_path = ${schema}, pg_temp, pg_catalog; ${forged}`],
		[`set row_security = off; select from eventing.events`],
		[insertEvent(role.replace('bodega_', '').replaceAll('_', '-'), 'never.declared')],
		[`update eventing.events set data = '{"forged": true}'`],
		[`update eventing.events set source = '/functions/${victim.name}'`],
		['delete from eventing.events'],
		[
			`insert into eventing.deliveries (source, id, trigger, attempts, handled_at) values ('x', 'x', '${trigger}', 1, now())`,
		],
		[`update eventing.deliveries set handled_at = now() where trigger = '${trigger}' returning 1`, '0'],
		[`update eventing.deliveries set trigger = '${trigger}'`],
		['delete from eventing.deliveries'],
		[`insert into eventing.refusals (trigger, count) values ('${trigger}', 1)`],
		[`update eventing.refusals set count = 9 where trigger = '${trigger}' returning 1`, '0'],
		[`insert into eventing.triggers values ('mine', 'x', '${victim.name}')`],
		[`update eventing.triggers set function = 'mine'`],
		['delete from eventing.triggers'],
		[`insert into eventing.emissions values ('${victim.name}', 'x')`],
		['delete from eventing.emissions'],
		['delete from eventing.dead_letters'],
		['delete from eventing.drills'],
		// Only the event log can call it, and with it write nothing that no function declares.
		[
			`select from eventing.publish_by_hand('never.declared', '1', 'urn:x', '00', '{}', 'me') id where id is not null`,
			'0',
		],
		[`select from eventing.is_emitted('/functions/${victim.name}', '1', '', '', '{}') f where f`, '0'],
	];
}

/** Creating any object, in any schema. */
function creations({ schema, own, victim }: Case): Attack[] {
	const schemas = [schema, 'public', 'pg_temp', 'eventing', 'users', victim.name, 'pg_catalog'];
	const inSchema = schemas.flatMap((there) => [
		`create table ${there}.mine ()`,
		`create table ${there}.mine as select 1`,
		`create view ${there}.mine as select 1`,
		`create materialized view ${there}.mine as select 1`,
		`create sequence ${there}.mine`,
		`create function ${there}.replace(text, text, text) returns text language sql return 'forged'`,
		`create procedure ${there}.mine() language plpgsql as 'begin end'`,
		`create aggregate ${there}.mine (integer) (sfunc = int4pl, stype = integer)`,
		`create operator ${there}.= (function = texteq, leftarg = text, rightarg = text)`,
		`create type ${there}.mine as enum ('a')`,
		`create domain ${there}.mine as text`,
		`create collation ${there}.mine (locale = 'C')`,
		`create text search configuration ${there}.mine (copy = pg_catalog.simple)`,
	]);
	const onTables = [own, 'eventing.events', 'users.users', `${victim.name}.migrations`].flatMap((table) =>
		table === undefined
			? []
			: [
					`alter table ${table} add constraint mine check (true)`,
					`alter table ${table} add column mine text default current_user`,
					`alter table ${table} enable row level security`,
					`alter table ${table} disable trigger all`,
					`alter table ${table} owner to current_user`,
					`create policy mine on ${table} using (true)`,
					`create rule mine as on insert to ${table} do instead nothing`,
					`create trigger mine before insert on ${table} execute function eventing.fail_in_drill()`,
					`create index on ${table} ((1))`,
					`create statistics mine on tableoid, xmin from ${table}`,
					`comment on table ${table} is 'mine'`,
					`truncate ${table}`,
					`drop table ${table}`,
				],
	);
	return [
		...[...inSchema, ...onTables].map((sql): Attack => [sql, '3F000']),
		...[
			'create table mine ()',
			'create temp table mine ()',
			'create temp view mine as select 1',
			'create schema mine',
		].map((sql): Attack => [sql, '3F000']),
		['create database mine'],
		['create role mine'],
		[`create tablespace mine location '/tmp'`],
		['create publication mine'],
		['create publication mine for all tables'],
		[`create subscription mine connection '' publication p with (connect = false)`],
		['create event trigger mine on ddl_command_end execute function eventing.fail_in_drill()', '42P17'],
		['create foreign data wrapper mine'],
		['create access method mine type table handler heap_tableam_handler'],
		['create cast (text as integer) with inout'],
		['create language mine handler plpgsql_call_handler'],
		...['dblink', 'postgres_fdw', 'file_fdw', 'adminpack', 'hstore', 'pg_stat_statements', 'plpython3u'].map(
			(name): Attack => [`create extension ${name} schema eventing`, '0A000', '58P01'],
		),
	];
}

/** Becoming another role, and changing another's. */
function promotions({ role, schema, own, victim }: Case): Attack[] {
	const others = [
		`bodega_${victim.name}`,
		`bodega_${schema}$owner`,
		'bodega_eventing$owner',
		'bodega',
		'pg_read_all_data',
	];
	return [
		...others.flatMap((other): Attack[] => [
			[`set role "${other}"`, '22023'],
			[`set session authorization "${other}"`, '22023'],
			[`grant "${other}" to ${role}`, '42704'],
			[`reassign owned by ${role} to "${other}"`, '42704'],
		]),
		[`alter role bodega_${victim.name} password 'mine'`],
		[`alter role bodega_${victim.name} set search_path = mine`],
		[`alter role bodega_${victim.name} nologin`],
		[`drop role bodega_${victim.name}`],
		[`alter default privileges for role bodega_${victim.name} grant select on tables to public`],
		[`alter default privileges for role "bodega_${victim.name}$owner" grant select on tables to public`],
		[`alter role all set search_path = mine`],
		...['superuser', 'createrole', 'createdb', 'replication', 'bypassrls', 'connection limit -1'].map(
			(attribute): Attack => [`alter role ${role} ${attribute}`],
		),
		[`grant all on schema eventing to ${role}`, refused, idle],
		...(own === undefined
			? []
			: ([
					[`grant select on ${own} to public`, idle],
					[`grant select on ${own} to bodega_${victim.name}`, idle],
				] as Attack[])),
		[`alter system set log_statement = 'all'`],
		['do $$ begin execute format($f$alter database %I set search_path = mine$f$, current_database()); end $$'],
		[
			'do $$ begin execute format($f$alter schema %I rename to mine$f$, current_schema()); end $$',
			'42602',
			'3F000',
			'22004',
		],
	];
}

/** The server: files, programs, large objects, sessions, settings, catalogs. */
function breakouts({ role, victim, pid }: Case): Attack[] {
	const keys = ['(263342)', '(1, 2)'];
	const locks = ['', 'try_'].flatMap((attempt) =>
		['lock', 'lock_shared'].flatMap((kind) =>
			['', 'xact_'].flatMap((span) => keys.map((key) => `select pg_${attempt}advisory_${span}${kind}${key}`)),
		),
	);
	return [
		...locks.map((sql): Attack => [sql]),
		...[`copy (select 1) to program 'true'`, `copy (select 1) to '/tmp/mine'`, `select pg_read_file('PG_VERSION')`].map(
			(sql): Attack => [sql],
		),
		[`do $$ begin execute $c$copy eventing.triggers from program 'echo mine'$c$; end $$`],
		[`copy eventing.triggers from '/etc/passwd'`],
		...[
			`pg_read_binary_file('PG_VERSION')`,
			`pg_ls_dir('.')`,
			'pg_ls_logdir()',
			'pg_ls_waldir()',
			`pg_stat_file('PG_VERSION')`,
		].map((call): Attack => [`select ${call}`]),
		...[
			`lo_import('/etc/passwd')`,
			`lo_export(1, '/tmp/mine')`,
			'lo_creat(-1)',
			'lo_create(0)',
			`lo_from_bytea(0, 'mine')`,
			'lo_open(1, 131072)',
			'lo_get(1)',
			'lo_unlink(1)',
		].map((call): Attack => [`select ${call}`]),
		...[
			'pg_reload_conf()',
			'pg_rotate_logfile()',
			'pg_promote()',
			'pg_switch_wal()',
			'pg_stat_reset()',
			`pg_create_restore_point('mine')`,
		].map((call): Attack => [`select ${call}`]),
		[`select pg_logical_emit_message(true, 'mine', 'mine')`],
		[`select pg_create_physical_replication_slot('mine')`],
		[`select pg_terminate_backend(${pid})`],
		[`select pg_cancel_backend(${pid})`],
		[`load '/tmp/mine.so'`],
		['checkpoint'],
		...[
			'session_replication_role = replica',
			`log_statement = 'none'`,
			`session_preload_libraries = 'x'`,
			'zero_damaged_pages = on',
			`dynamic_library_path = '/tmp'`,
		].map((setting): Attack => [`set ${setting}`]),
		...[
			'pg_authid',
			'pg_shadow',
			'pg_statistic',
			'pg_largeobject',
			'pg_hba_file_rules',
			'pg_file_settings',
			'pg_user_mapping',
			'pg_config',
		].map((table): Attack => [`select * from ${table}`]),
		['begin; lock table pg_settings in access exclusive mode'],
		['begin; lock table pg_class in share mode'],
		[`update pg_class set relname = 'mine'`],
		[
			`select from pg_stat_activity where usename <> '${role}' and query <> '<insufficient privilege>' and query <> ''`,
			'0',
		],
		[
			`select from pg_stats where schemaname in ('users', 'eventing', '${victim.name}') and '${role}' not in ('bodega_data', 'bodega_users')
			and tablename not in ('triggers', 'emissions', 'events', 'deliveries', 'dead_letters', 'drills', 'relay_lease', 'migrations')`,
			'0',
		],
		[
			`select from pg_stats where (schemaname, tablename) in (('users', 'signing_keys'), ('users', 'refresh_tokens')) and '${role}' <> 'bodega_users'`,
			'0',
		],
		[
			`select from pg_stats where schemaname = 'eventing' and tablename in ('events', 'deliveries')
			and '${role}' not in ('bodega_data', 'bodega_event_log', 'bodega_relay')`,
			'0',
		],
	];
}

export const attacksOf = (on: Case): Attack[] => [
	...forgeries(on),
	...creations(on),
	...promotions(on),
	...breakouts(on),
];
