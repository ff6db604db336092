import { shop } from '../../../shop.ts';

/**
 * Returns a bash script that restores a dump into a new database, on the server named by PGHOST and PGUSER. The nightly
 * check runs it on a temporary server, and `bodega restore` on the shop's, so the check tests exactly what a restore
 * does.
 *
 * A dump contains no roles, because roles belong to the server. The script first creates the roles that the dump names,
 * without login; the migration adds the login later. The restore is one transaction and stops at the first error.
 */
export const restoring = (file: string, database: string): string => `
pg_restore --schema-only --file=- ${file} | grep -oE '(TO|FROM|ROLE|AUTHORIZATION) ${shop.name}_[a-z0-9_]+' | sed 's/.* //' | sort -u |
while read -r role; do
	echo "do \\$\\$ begin create role $role; exception when duplicate_object then null; end \\$\\$;"
done | psql --quiet --set=ON_ERROR_STOP=1 --dbname=postgres
psql --quiet --set=ON_ERROR_STOP=1 --dbname=postgres --command="create database ${database} template template0 encoding 'UTF8' locale 'C.UTF-8'"
pg_restore --exit-on-error --single-transaction --dbname=${database} ${file}
`;

/** Returns a script that prints each table's row count: `books.books: 40`. It fails if the shop has no admin. */
export const counting = (database: string): string => `
psql --set=ON_ERROR_STOP=1 --dbname=${database} --tuples-only --no-align --quiet <<'SQL'
select format('select %L || count(*) from %I.%I', schemaname || '.' || relname || ': ', schemaname, relname)
from pg_stat_user_tables where relname <> 'migrations' order by schemaname, relname \\gexec
select 1 / count(*) as admin from ${shop.accounts}.users where 'admin' = any (roles) \\gset
SQL
`;
