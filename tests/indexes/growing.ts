import { schemaOf } from '../../database/roles.ts';
import { functions } from '../../functions/index.ts';
import { asOwner } from '../testing.ts';

/** The tables that stay small however long a shop lives, each with the reason. Every other one grows. */
const small: Readonly<Record<string, string>> = {
	'eventing.triggers': 'declared',
	'eventing.emissions': 'declared',
	'eventing.refusals': 'a row of each trigger',
	'eventing.drills': 'a row of each function',
	'eventing.relay_lease': 'one row',
	'eventing.removals': 'one row',
	'eventing.migration_lock': 'no row',
	'books.books': 'what the shop sells: a person adds each row',
	'movies.movies': 'what the shop shows: a person adds each row',
	'users.signing_keys': 'a key of each month, deleted when its last token has expired',
	'users.deletions': 'the accounts deleted since the last night',
	'users.attempts': 'unused since version 3 of its schema',
	'users.attempt_counts': 'the failed sign-ins since the last night',
	'weather.cache': 'has a capacity of 10,000 rows',
};

/** Returns the tables of a shop that grow with its life, with the number of their rows. */
export async function growingTables(ownerUrl: string): Promise<ReadonlyMap<string, number>> {
	return asOwner(ownerUrl, async (db) => {
		const { rows: tables } = await db.query<{ name: string }>(
			`select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
			 where c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'migrations'
			 and n.nspname = any($1)`,
			[['eventing', ...functions.map(({ name }) => schemaOf(name))]],
		);
		const reacting = functions.some(({ reacts }) => reacts.length > 0);
		const growing = tables
			.map(({ name }) => name)
			.filter((name) => !Object.hasOwn(small, name))
			// Without a function that reacts, no event has a delivery.
			.filter((name) => reacting || !['eventing.deliveries', 'eventing.dead_letters'].includes(name));
		const counts = await Promise.all(
			growing.map(
				async (name) => (await db.query<{ count: number }>(`select count(*)::int from ${name}`)).rows[0]?.count ?? 0,
			),
		);
		return new Map(growing.map((name, index) => [name, counts[index] ?? 0]));
	});
}
