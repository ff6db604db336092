import type { Declaration } from '../../../kit/declare/declare.ts';
import { shop } from '../../../shop.ts';
import { database } from './database.ts';
import { keyTablesOf } from './dumping.ts';

/** The role that restores dumps. No function's role has this name, because names of functions have no dollar sign. */
export const restorer = `${shop.database}$restore`;

/** The longest that a restore can take, and then counting the rows. Code in the dump could otherwise run forever. */
const limit = '2h';

/**
 * Returns a bash script that restores a dump into a new database, on the server that PGHOST names, and prints each table's
 * number of rows: `books.books: 40`. It fails if the shop has no admin. The nightly check runs the script on a server of its
 * own, and `bodega restore` on the shop's, so the check tests exactly what a restore does.
 *
 * A dump contains code: defaults, constraints, triggers, policies, indexes. If a superuser restored it, this code could
 * start programs and read every database. So a role without rights restores the dump and counts the rows. It does so in
 * connections of its own, because the code could reset a superuser's `set role`. A superuser creates only what this role
 * cannot: the database, and the roles that the dump names, because roles belong to the server. They cannot log in; the
 * migration changes that later. The restorer is a member of the owner roles only while it restores, because the dump
 * contains their default privileges.
 *
 * The restored objects belong to the restorer, whoever owned them in the dump; the migration hands them over to the owner
 * roles. The script leaves out keys, which older dumps contain, and the rights to Postgres's own functions, which only a
 * superuser can change; the migration changes them again. The restore is one transaction and stops at the first error.
 */
export const restoring = (file: string, name: string, functions: readonly Declaration[]): string => `
superuser() { psql --username=${database.owner} --dbname=postgres --no-psqlrc --quiet --set=ON_ERROR_STOP=1 "$@"; }
roles=$(pg_restore --schema-only --no-owner --file=- ${file} |
	grep -aE '^(GRANT|REVOKE|ALTER DEFAULT PRIVILEGES|CREATE POLICY) ' |
	grep -aoE '\\b${shop.database}_[a-z0-9_]+(\\$owner\\b)?' | sort -u) ||
	{ echo 'The dump names no role of the shop.' >&2; exit 1; }
list=$(mktemp)
pg_restore --list ${file} | grep -avE '^[0-9]+; [0-9]+ [0-9]+ (${leftOut(functions).join('|')}) ' > "$list"

superuser --set=roles="$roles" <<'SQL'
select 'create role "${restorer}"' where to_regrole('"${restorer}"') is null \\gexec
select format('create role %I', name) from string_to_table(:'roles', E'\\n') name
where to_regrole(quote_ident(name)) is null \\gexec
create database ${name} owner "${restorer}" template template0 encoding 'UTF8' locale 'C.UTF-8';
revoke all on database ${name} from public;
SQL
disarm() {
	superuser <<'SQL'
alter role "${restorer}" nologin;
select format('revoke %s from "${restorer}"', roleid::regrole) from pg_auth_members
where member = '"${restorer}"'::regrole \\gexec
SQL
}
(
	trap disarm EXIT
	superuser --set=roles="$roles" <<'SQL'
alter role "${restorer}" login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password null;
select format('grant %I to "${restorer}"', name) from string_to_table(:'roles', E'\\n') name
where name like '%$owner' \\gexec
SQL
	as=(--username='${restorer}' --dbname=${name})
	timeout ${limit} pg_restore "\${as[@]}" --exit-on-error --single-transaction --no-owner --use-list="$list" ${file}
	timeout ${limit} psql "\${as[@]}" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --tuples-only --no-align <<'SQL'
select format('select %L || count(*) from %s', oid::regclass || ': ', oid::regclass)
from pg_class where relkind in ('r', 'p') and not relispartition and relnamespace >= 16384
and relname not in ('migrations', 'migration_lock') order by oid::regclass::text \\gexec
select 1 / count(*) as admin from ${shop.accounts}.users where 'admin' = any (roles) \\gset
SQL
)
superuser <<'SQL'
alter database ${name} owner to ${database.owner};
-- The owner of a database can change its settings, and they would apply to the superuser's connections too.
alter database ${name} reset all;
SQL
rm "$list"
`;

/** Returns which entries of a dump's list are left out: type, schema and name. */
const leftOut = (functions: readonly Declaration[]): string[] => [
	'ACL pg_catalog',
	...keyTablesOf(functions).map((table) => `TABLE DATA ${table.replace('.', ' ')}`),
];
