import pg from 'pg';
import { schemaOf } from '../../../database/roles.ts';
import { ofDatabase, ofFunction, withData } from '../faults/effect.ts';
import type { FaultKind } from '../faults/fault.ts';
import type { LocalShop } from './shop.ts';

/** More than any Postgres of the shop accepts. */
const many = 1_000;
const parallel = 20;

/** Occupies the database as its owner: rows that others need, and all its connections. */
export function databaseFaults(shop: LocalShop): FaultKind[] {
	const connect = async (): Promise<pg.Client> => {
		const client = new pg.Client({
			connectionString: shop.owner.url,
			application_name: 'chaos',
			connectionTimeoutMillis: 5_000,
			query_timeout: 5_000,
		});
		client.on('error', () => {}); // Another fault kills it. That ends this one.
		await client.connect();
		return client;
	};
	const end = async (clients: readonly pg.Client[]): Promise<void> =>
		void (await Promise.allSettled(clients.map((client) => client.end())));
	return [
		{
			name: 'lock rows',
			victims: withData,
			lasts: [2, 8],
			recovery: 15,
			effect: ofFunction,
			begin: async (fn) => {
				const client = await connect();
				try {
					const { rows } = await client.query<{ name: string }>(
						`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = $1 and tablename not like '%migration%'`,
						[schemaOf(fn)],
					);
					await client.query('begin');
					for (const { name } of rows) await client.query(`select from ${name} limit 1 for update skip locked`);
				} catch (error) {
					await end([client]);
					throw error;
				}
				return { mend: () => end([client]) };
			},
		},
		{
			name: 'exhaust connections',
			victims: [],
			lasts: [1, 5],
			recovery: 15,
			effect: () => ofDatabase,
			begin: async () => {
				const clients: pg.Client[] = [];
				for (let full = false; !full && clients.length < many; ) {
					const opened = await Promise.allSettled(Array.from({ length: parallel }, connect));
					clients.push(...opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])));
					full = opened.some(({ status }) => status === 'rejected');
				}
				return clients.length ? { mend: () => end(clients) } : undefined;
			},
		},
	];
}
