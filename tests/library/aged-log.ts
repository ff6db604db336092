import { idFrom, list } from '../../database/retention/partitions.ts';
import { retain } from '../../database/retention/retention.ts';
import { remover } from '../../database/roles.ts';
import { cut, databaseProxy } from '../database-proxy.ts';
import { roleUrl } from '../run/owner.ts';
import { asMigration, asOwner } from '../testing.ts';

const day = 24 * 3600 * 1000;

/** Returns an id of an event that was stored some days ago. */
export const idOf = (daysAgo: number, number = 0): string =>
	`${idFrom(Date.now() - daysAgo * day)}-7000-8000-${String(number).padStart(12, '0')}`;

/** Returns the id that begins a partition some days ago. */
const boundary = (daysAgo: number): string => idFrom(Date.now() - daysAgo * day);

/** Gives a log partitions as it has them when it is as old as this: one for each week since. */
export async function ageLog(ownerUrl: string, days: number): Promise<void> {
	// A test's database can have been made before midnight.
	const [{ to: end } = { to: boundary(0) }] = await asOwner(ownerUrl, list);
	const bounds = ['minvalue'];
	for (let ago = days; ago > 0; ago -= 7) bounds.push(`'${boundary(ago) < end ? boundary(ago) : end}'`);
	await asMigration(
		ownerUrl,
		'eventing',
		['events', 'deliveries']
			.flatMap((table) => [
				`drop table eventing.${table}_before`,
				...bounds.slice(1).map(
					(to, index) =>
						`create table eventing.${table}_w${String(index).padStart(3, '0')} partition of eventing.${table}
						 for values from (${bounds[index]}) to (${to})`,
				),
			])
			.join(';'),
	);
}

/** Drops the partitions of this week and the next ones, as if no run had made them. */
export const dropComing = (ownerUrl: string): Promise<unknown> =>
	asMigration(
		ownerUrl,
		'eventing',
		`do $$ declare name text; begin
			for name in select relname from pg_class where relkind = 'r' and relname ~ '^(events|deliveries)_2'
			loop execute format('drop table eventing.%I', name); end loop; end $$`,
	);

/** Runs the retention as the cluster does, with the role that can do nothing else. Returns its lines. */
export async function retained(
	ownerUrl: string,
	options: Partial<Parameters<typeof retain>[0]> = {},
): Promise<string[]> {
	const lines: string[] = [];
	await retain({ url: roleUrl(ownerUrl, remover), days: 90, log: (line) => lines.push(line), ...options });
	return lines;
}

/** Lets the next run remove a partition, as if a day had passed. */
export const nextDay = (ownerUrl: string): Promise<unknown> =>
	asMigration(ownerUrl, 'eventing', `update eventing.removals set at = at - interval '1 day'`);

/** Returns the names of the tables of events: the partitions, and what was set aside. */
export const tablesOf = (ownerUrl: string): Promise<string[]> =>
	asOwner(ownerUrl, async (db) => {
		const { rows } = await db.query<{ name: string }>(
			`select relname as name from pg_class where relnamespace = 'eventing'::regnamespace and relkind = 'r'
			 and relname ~ '^events_' order by 1`,
		);
		return rows.map(({ name }) => name);
	});

/**
 * Breaks every connection through the returned URL, once, when the server has answered a statement that contains `text`.
 * @returns `isCut`, which tells whether that has happened
 */
export async function cutAt(ownerUrl: string, text: string): Promise<{ url: string; isCut: () => boolean }> {
	const proxy = await databaseProxy(ownerUrl);
	let isOver = false;
	proxy.intercept((passing) => {
		if (isOver || !cut(text)(passing)) return false;
		isOver = true;
		return true;
	});
	return { url: proxy.url, isCut: () => isOver };
}
