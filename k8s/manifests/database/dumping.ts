import { schemaOf } from '../../../database/roles.ts';
import type { Declaration } from '../../../kit/declare/declare.ts';

/** Returns the tables whose rows are in no dump: `users.signing_keys`. Their functions create new keys when there are none. */
export const keyTablesOf = (functions: readonly Declaration[]): string[] =>
	functions.flatMap(({ name, keys }) => keys.map((table) => `${schemaOf(name)}.${table}`));

/** Seconds that a dump waits for the lock of a table, so that a table that stays locked does not stall it. */
export const lockPatience = 60;

/** Returns pg_dump's options: Postgres's custom format, without keys. */
export const dumpOptions = (functions: readonly Declaration[]): string[] => [
	'--format=custom',
	`--lock-wait-timeout=${lockPatience}s`,
	...keyTablesOf(functions).map((table) => `--exclude-table-data=${table}`),
];
