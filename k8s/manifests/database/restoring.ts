import { shop } from '../../../shop.ts';

/**
 * Restores a dump into a new database of the server that the environment names (PGHOST, PGUSER), in bash. The nightly check
 * does it to a server of its own and `bodega restore` to the shop's, so what is checked is what will be done.
 *
 * A dump has no roles, for they are the server's: those that it names are made before, without a login, which the migration
 * gives them. All of it is one transaction, and its first error ends it.
 */
export const restoring = (file: string, database: string): string => `
pg_restore --schema-only --file=- ${file} | grep -oE '(TO|FROM|ROLE|AUTHORIZATION) ${shop.name}_[a-z0-9_]+' | sed 's/.* //' | sort -u |
while read -r role; do
	echo "do \\$\\$ begin create role $role; exception when duplicate_object then null; end \\$\\$;"
done | psql --quiet --set=ON_ERROR_STOP=1 --dbname=postgres
psql --quiet --set=ON_ERROR_STOP=1 --dbname=postgres --command="create database ${database} template template0 encoding 'UTF8' locale 'C.UTF-8'"
pg_restore --exit-on-error --single-transaction --dbname=${database} ${file}
`;

/** The rows of every table: `books.books: 40`. A shop without an admin is none, and an error. */
export const counting = (database: string): string => `
psql --set=ON_ERROR_STOP=1 --dbname=${database} --tuples-only --no-align --quiet <<'SQL'
select format('select %L || count(*) from %I.%I', schemaname || '.' || relname || ': ', schemaname, relname)
from pg_stat_user_tables where relname <> 'migrations' order by schemaname, relname \\gexec
select 1 / count(*) as admin from ${shop.accounts}.users where 'admin' = any (roles) \\gset
SQL
`;
