import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { functions } from '../../functions/index.ts';
import { cutAt, idOf } from '../../tests/library/aged-log.ts';
import { linkMigrations, samples } from '../../tests/library/library.ts';
import { unpartitionedShop } from '../../tests/older-shop.ts';
import { ownerOf, roleUrl } from '../../tests/run/owner.ts';
import { asOwner } from '../../tests/testing.ts';
import { isBusy } from '../locks.ts';
import { migrate } from '../migrate.ts';
import { timeOf } from './partitions.ts';

const { root, remove } = linkMigrations();
afterAll(remove);

/** The statement with which functions of the release before handled an event. It is prepared once in each session. */
const formerAccept = `insert into eventing.deliveries (source, id, trigger, attempts, received_at, handled_at)
	select $1, $2, $3, 1, clock_timestamp(), clock_timestamp() where eventing.is_emitted($1, $2, $4, $5, $6) and not exists (
		select from eventing.deliveries d where (d.source, d.id, d.trigger) = ($1, $2, $3) and d.handled_at is not null)
	on conflict (source, id, trigger) do update
	set attempts = deliveries.attempts + 1, received_at = excluded.received_at, handled_at = excluded.handled_at
	where deliveries.handled_at is null`;

const migrated = (url: string): Promise<void> =>
	migrate({ owner: ownerOf(url), functions: [...functions, ...samples], root });

/** Sends a statement, and again when it has waited for a lock for a second, as a Broker and a customer do. */
async function sent<Row extends pg.QueryResultRow>(
	client: pg.Client,
	query: pg.QueryConfig,
): Promise<pg.QueryResult<Row>> {
	for (;;)
		try {
			return await client.query<Row>(query);
		} catch (error) {
			if (!isBusy(error)) throw error;
		}
}

/** Emits, handles and settles events as the release before does, until it is stopped. Returns how many. */
function clients(url: string) {
	let isOver = false;
	const type = 'dev.bodega.loan.requested';
	const trigger = 'shelves-on-loan-requested';
	const session = async (fn: string): Promise<pg.Client> => {
		const client = new pg.Client({ connectionString: roleUrl(url, fn) });
		await client.connect();
		return client;
	};
	const one = async (name: string): Promise<number> => {
		const [loans, shelves, relay] = await Promise.all([session('loans'), session('shelves'), session('relay')]);
		let count = 0;
		try {
			for (; !isOver || count === 0; count++) {
				const { rows } = await sent<{ id: string; source: string }>(loans, {
					name: 'emit',
					text: `insert into eventing.events (source, type, subject, dataschema, traceparent, data, cause)
						values ('/functions/loans', $1, $2, 'urn:x', '00', '{}', null) returning id, source`,
					values: [type, name],
				});
				const { id, source } = rows[0] as { id: string; source: string };
				for (const handled of [1, 0]) {
					const values = [source, id, trigger, type, name, '{}'];
					const { rowCount } = await sent(shelves, { name: 'accept', text: formerAccept, values });
					expect([id, rowCount]).toEqual([id, handled]);
				}
				await sent(relay, {
					name: 'settle',
					text: 'update eventing.events set settled_at = now() where (source, id) = ($1, $2)',
					values: [source, id],
				});
			}
			return count;
		} finally {
			await Promise.all([loans, shelves, relay].map((client) => client.end()));
		}
	};
	const all = Promise.all(['one', 'two'].map(one));
	return async (): Promise<number> => {
		isOver = true;
		return (await all).reduce((sum, count) => sum + count);
	};
}

/** Stores events of the release before, with a delivery each. Some ids are not of their time. */
const old = (url: string): Promise<unknown> =>
	asOwner(url, (db) =>
		db.query(
			`with stored as (insert into eventing.events (id, source, type, subject, dataschema, traceparent, data, settled_at)
				select id, '/functions/loans', 'dev.bodega.loan.requested', 'old', 'urn:x', '00', '{}', now()
				from unnest($1::text[]) id returning source, id)
			 insert into eventing.deliveries (source, id, trigger, attempts, handled_at) select source, id, 'shelves-on-loan-requested', 1, now() from stored`,
			[[...Array.from({ length: 500 }, (_, index) => idOf(index / 2, index)), idOf(-400), 'by hand', '1']],
		),
	);

const counts = (url: string): Promise<unknown> =>
	asOwner(url, async (db) => {
		const { rows } = await db.query(`select
			(select count(*)::int from eventing.events) as events,
			(select count(*)::int from eventing.deliveries where handled_at is not null) as deliveries,
			(select count(*)::int from eventing.events where settled_at is null) as unsettled`);
		return rows[0];
	});

test.each([
	['adds the constraint', 'not valid'],
	['moves odd ids', 'with moved'],
	['validates', 'validate constraint'],
	['changes the tables', 'create index on eventing.dead_letters'],
])(
	'a migration to partitions that is killed when it %s is finished by the next one, while functions use the tables',
	async (_what, statement) => {
		const url = await unpartitionedShop(root);
		await old(url);
		const stop = clients(url);
		const { url: broken, isCut } = await cutAt(url, statement);
		await expect(migrated(broken)).rejects.toThrow();
		expect(isCut()).toBe(true);
		await migrated(url);
		const sum = await stop();
		expect(sum).toBeGreaterThan(0);
		expect(await counts(url)).toEqual({ events: 503 + sum, deliveries: 503 + sum, unsettled: 0 });
		const where = await asOwner(url, async (db) => {
			const { rows } = await db.query(
				`select tableoid::regclass::text as name, count(*)::int as count from eventing.events group by 1 order by 1`,
			);
			return rows;
		});
		expect(where).toEqual([
			{ name: 'eventing.events_before', count: 500 + sum },
			{ name: 'eventing.events_rest', count: 3 },
		]);
	},
);

test('the boundary of an interrupted migration is far ahead, and a new one when it has come near', async () => {
	const url = await unpartitionedShop(root);
	await old(url);
	await asOwner(url, (db) =>
		db.query(
			`alter table eventing.events add constraint before_partitions check (id < '${idOf(-10).slice(0, 13)}') not valid`,
		),
	);
	await migrated(url);
	const { rows } = await asOwner(url, (db) =>
		db.query<{ to: string }>(
			`select substring(pg_get_expr(relpartbound, oid) from 'TO \\(''(.*)''\\)') as to from pg_class where relname ~ '^(events|deliveries)_before$'`,
		),
	);
	const weeks = rows.map(({ to }) => Math.round((timeOf(to) - Date.now()) / (7 * 24 * 3600 * 1000)));
	expect(weeks).toEqual([8, 8]);
	// Nothing of the preparation is left.
	const left = await asOwner(url, (db) => db.query(`select from pg_constraint where conname = 'before_partitions'`));
	expect(left.rowCount).toBe(0);
});
