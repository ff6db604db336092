import { expect, test } from 'vitest';
import '../../tests/library/catalog.ts';
import { accept } from '../../eventing/inbox.ts';
import { functions } from '../../functions/index.ts';
import { ageLog, cutAt, dropComing, idOf, nextDay, retained, tablesOf } from '../../tests/library/aged-log.ts';
import { linkMigrations, samples } from '../../tests/library/library.ts';
import { ownerOf, roleUrl } from '../../tests/run/owner.ts';
import { asMigration, asOwner, freshDatabase } from '../../tests/testing.ts';
import { migrate } from '../migrate.ts';
import { remover } from '../roles.ts';
import type { Removed } from './archive.ts';
import { mostMoved } from './removal.ts';

const trigger = 'shelves-on-loan-requested';

type State = 'settled' | 'unsettled' | 'dead' | 'discarded' | 'failing';

/** Opens a log of 120 days, with two handled events in each state of some ages in days. */
async function log(states: Partial<Record<State, readonly number[]>>) {
	const url = await freshDatabase();
	await ageLog(url, 120);
	const sql = (text: string, values?: unknown[]): Promise<Record<string, unknown>[]> =>
		asOwner(url, async (db) => (await db.query(text, values)).rows as Record<string, unknown>[]);
	let number = 0;
	for (const [state, ages] of Object.entries(states) as [State, readonly number[]][])
		for (const age of ages) {
			const id = idOf(age, ++number);
			await sql(
				`insert into eventing.events (id, source, type, subject, time, dataschema, traceparent, data, settled_at)
				 values ($1, '/functions/loans', 'dev.bodega.loan.requested', $2, now() - make_interval(days => $3), 'urn:x', '00', '{}',
					case when $2 in ('settled', 'discarded') then now() end)`,
				[id, state, age],
			);
			await sql(
				`insert into eventing.deliveries (source, id, trigger, attempts, handled_at)
				 select '/functions/loans', $1, unnest(array[$2, 'other']), 1, case when $3 = 'settled' then now() end`,
				[id, trigger, state],
			);
			if (state === 'dead' || state === 'discarded')
				await sql(
					`insert into eventing.dead_letters (source, event_id, trigger, event, resolution)
					 values ('/functions/loans', $1, $2, '{}', nullif($3, 'dead'))`,
					[id, trigger, state],
				);
		}
	const left = async (): Promise<unknown> => {
		const [row] = await sql(`select
			array(select subject from eventing.events order by id) as events,
			(select count(*)::int from eventing.deliveries) as deliveries,
			array(select coalesce(resolution, 'open') from eventing.dead_letters order by 1) as letters`);
		return row;
	};
	/** Runs the retention once a day, until nothing is due any more. */
	const allRetained = async (options?: Parameters<typeof retained>[1]): Promise<void> => {
		for (let days = 0; days < 6; days++) {
			await retained(url, options);
			await nextDay(url);
		}
	};
	return { url, sql, left, allRetained };
}

test('removes what is settled and old, with its deliveries and dead letters, and nothing else', async () => {
	const { left, allRetained, sql, url } = await log({
		settled: [119, 100, 80, 0],
		discarded: [118, 70],
		unsettled: [117],
		failing: [99],
		dead: [116, 1],
	});
	await allRetained();
	expect(await left()).toEqual({
		events: ['unsettled', 'dead', 'failing', 'settled', 'discarded', 'dead', 'settled'],
		deliveries: 14,
		letters: ['discarded', 'open', 'open'],
	});
	// The partitions are gone, and the weeks ahead are there.
	expect((await tablesOf(url)).filter((name) => /^events_w/.test(name)).length).toBeLessThan(14);
	const [ahead] = await sql(
		`select count(*)::int as count from pg_inherits where inhparent = 'eventing.events'::regclass`,
	);
	expect(ahead?.['count']).toBeGreaterThan(17);
	// The events that have stayed are settled later, and removed at last.
	await sql(`update eventing.events set settled_at = now() where subject in ('unsettled', 'failing')`);
	await sql(`update eventing.dead_letters set resolution = 'discarded' where resolution is null`);
	await allRetained();
	expect(await left()).toMatchObject({ events: ['dead', 'settled', 'discarded', 'dead', 'settled'], deliveries: 10 });
	await sql(`update eventing.events set settled_at = now()`);
	await allRetained();
	expect(await left()).toEqual({
		events: ['settled', 'discarded', 'dead', 'settled'],
		deliveries: 8,
		letters: ['discarded', 'discarded'],
	});
	expect((await tablesOf(url)).filter((name) => /^events_rest_/.test(name))).toEqual([]);
});

test('removes one partition a day, so that a clock that jumps ahead does not empty the log', async () => {
	const { url, left } = await log({ settled: [119, 112, 105, 98, 10], unsettled: [118] });
	const before = (await tablesOf(url)).length;
	// A year ahead, everything would be old.
	await retained(url, { days: 1 });
	await retained(url, { days: 1 });
	expect((await tablesOf(url)).length).toBe(before - 1);
	await asMigration(url, 'eventing', `update eventing.removals set at = now() + interval '1 year'`);
	// The clock was set back since.
	await retained(url, { days: 1 });
	expect((await tablesOf(url)).length).toBe(before - 2);
	expect(await left()).toMatchObject({ events: expect.arrayContaining(['unsettled']) });
});

test('leaves a partition whole while too many of its events are not settled, and goes on with the next', async () => {
	const { url, sql, left } = await log({ settled: [119, 112] });
	await sql(
		`insert into eventing.events (id, source, type, subject, dataschema, traceparent, data)
		 select $1 || n, '/functions/loans', 'x', 'many', 'urn:x', '00', '{}' from generate_series(1, $2) n`,
		[idOf(119).slice(0, -6), mostMoved + 1],
	);
	const lines: string[] = [];
	for (let days = 0; days < 3; days++) {
		lines.push(...(await retained(url)));
		await nextDay(url);
	}
	expect(lines).toContain(`eventing.events_w001 stays: more than ${mostMoved} of its events are not settled`);
	const { events } = (await left()) as { events: string[] };
	expect(events.filter((subject) => subject === 'settled')).toHaveLength(1);
	expect(events).toHaveLength(mostMoved + 2);
});

test('archives exactly what it removes, before it drops it, and removes nothing more while the archive fails', async () => {
	const { url, left, sql } = await log({ settled: [119, 112, 105], unsettled: [118] });
	const archived: { subjects: string[]; deliveries: number; from: Date; to: Date }[] = [];
	const archive = async (
		db: { query: (text: string) => Promise<{ rows: unknown[] }> },
		removed: Removed,
	): Promise<void> => {
		const rows = (await db.query(`select subject from ${removed.events} order by id`)).rows as { subject: string }[];
		const deliveries = (await db.query(`select from ${removed.deliveries}`)).rows.length;
		archived.push({ subjects: rows.map(({ subject }) => subject), deliveries, from: removed.from, to: removed.to });
	};
	const failing = async (): Promise<void> => {
		throw new Error('the archive is full');
	};
	const before = (await tablesOf(url)).length;
	await nextDay(url);
	await retained(url);
	for (let days = 0; days < 3; days++) {
		await nextDay(url);
		await expect(retained(url, { archive: failing })).rejects.toThrow('the archive is full');
	}
	// An empty partition and the first with an event have gone from the log; the tables of the latter are still there.
	expect((await tablesOf(url)).length).toBe(before - 1);
	for (let days = 0; days < 6; days++) {
		await nextDay(url);
		await retained(url, { archive: archive as never });
	}
	expect(archived.map(({ subjects, deliveries }) => [subjects, deliveries])).toEqual([
		[['settled'], 2],
		[['settled'], 2],
		[['settled'], 2],
	]);
	const ages = archived.map(({ from }) => Math.round((Date.now() - from.getTime()) / (24 * 3600 * 1000)));
	expect(ages).toEqual([119, 112, 105]);
	expect(await left()).toMatchObject({ events: ['unsettled'], deliveries: 2 });
	await sql('update eventing.events set settled_at = now()');
	await retained(url, { archive: archive as never });
	expect(archived.at(-1)).toMatchObject({ subjects: ['unsettled'], deliveries: 2 });
});

test('removes while events are emitted and handled, loses none and makes none fail', async () => {
	const { url, sql, left } = await log({ settled: [119, 112, 105], unsettled: [118, 111], dead: [104] });
	let isOver = false;
	const client = async (number: number): Promise<number> =>
		asOwner(roleUrl(url, 'loans'), async (loans) =>
			asOwner(roleUrl(url, 'shelves'), async (shelves) => {
				let count = 0;
				for (; !isOver || count === 0; count++) {
					const { rows } = await loans.query<{ id: string }>({
						name: 'emit',
						text: `insert into eventing.events (source, type, subject, dataschema, traceparent, data)
						 values ('/functions/loans', 'dev.bodega.loan.requested', $1, 'urn:x', '00', '{}') returning id`,
						values: [`client ${number}`],
					});
					const event = { source: '/functions/loans', id: rows[0]?.id as string, type: 'dev.bodega.loan.requested' };
					const delivery = { ...event, trigger, subject: `client ${number}`, data: {}, publication: 'first', begun: 0 };
					for (const expected of ['first', 'repeated'])
						expect(await accept(shelves, { ...delivery, begun: performance.now() })).toBe(expected);
				}
				return count;
			}),
		);
	const clients = Promise.all([1, 2, 3].map(client)).finally(() => {
		isOver = true;
	});
	for (let days = 0; days < 6; days++) {
		await retained(url);
		await nextDay(url);
	}
	isOver = true;
	const counts = await clients;
	const [stored] =
		await sql(`select count(*)::int as events, (select count(*)::int from eventing.deliveries where handled_at is not null) as deliveries
		from eventing.events where subject like 'client%'`);
	const sum = counts.reduce((total, count) => total + count);
	expect(stored).toEqual({ events: sum, deliveries: sum });
	expect(await left()).toMatchObject({ events: expect.arrayContaining(['unsettled', 'dead']), letters: ['open'] });
});

test.each([
	'attach partition',
	'lock table only',
	'detach partition',
	'with moved',
	'update eventing.removals set before',
	'update eventing.removals set at',
	'min(time)',
	'drop table',
])('a run that is killed after “%s” is finished by the next one', async (statement) => {
	const { url, left, allRetained, sql } = await log({ settled: [119, 118, 20], unsettled: [117], dead: [116] });
	await dropComing(url);
	const { url: broken, isCut } = await cutAt(url, statement);
	await expect(retained(broken)).rejects.toThrow();
	expect(isCut()).toBe(true);
	await allRetained();
	expect(await left()).toEqual({ events: ['unsettled', 'dead', 'settled'], deliveries: 6, letters: ['open'] });
	await sql('update eventing.events set settled_at = now(); delete from eventing.dead_letters');
	await allRetained();
	expect(await left()).toEqual({ events: ['settled'], deliveries: 2, letters: [] });
	expect((await tablesOf(url)).filter((name) => name === 'events_w001' || /^events_rest_/.test(name))).toEqual([]);
});

test('three runs in parallel do not harm each other', async () => {
	const { url, left } = await log({ settled: [119, 10], unsettled: [118] });
	for (let days = 0; days < 3; days++) {
		await Promise.all([retained(url), retained(url), retained(url)]);
		await nextDay(url);
	}
	expect(await left()).toEqual({ events: ['unsettled', 'settled'], deliveries: 4, letters: [] });
});

test('a run that starts while another one is archiving leaves', async () => {
	const { url, allRetained } = await log({ settled: [119] });
	const lines: string[] = [];
	await allRetained({ archive: async () => void lines.push(...(await retained(url))) });
	expect(lines).toEqual(['another run is under way']);
});

test('an event without a partition is stored, and the partitions of the weeks after it are made all the same', async () => {
	const { url, sql, left } = await log({});
	// No run for months: all partitions ahead are over.
	await dropComing(url);
	await sql(
		`insert into eventing.events (source, type, subject, dataschema, traceparent, data) values ('/functions/loans', 'x', 'now', 'urn:x', '00', '{}')`,
	);
	await retained(url);
	const [where] = await sql('select tableoid::regclass::text as name from eventing.events');
	expect(where).toEqual({ name: 'eventing.events_rest' });
	expect((await tablesOf(url)).filter((name) => /^events_2/.test(name))).toHaveLength(4);
	expect(await left()).toMatchObject({ events: ['now'] });
});

test('makes the partitions of the coming weeks also after the clock was far ahead', async () => {
	const { url } = await log({});
	await dropComing(url);
	await asMigration(
		url,
		'eventing',
		['events', 'deliveries']
			.map(
				(table) => `create table ${table}_ahead partition of ${table}
					for values from ('${idOf(-20).slice(0, 13)}') to ('${idOf(-300).slice(0, 13)}')`,
			)
			.join(';'),
	);
	await retained(url);
	expect((await tablesOf(url)).filter((name) => /^events_2/.test(name))).toHaveLength(3);
	await retained(url);
	expect((await tablesOf(url)).filter((name) => /^events_2/.test(name))).toHaveLength(3);
});

test('the role that removes can do so, and read or change nothing else', async () => {
	const url = await freshDatabase();
	await asOwner(roleUrl(url, remover), async (db) => {
		for (const sql of [
			'select from eventing.events',
			'select from users.users',
			'set role "bodega_users$owner"',
			'set role bodega_users',
			'create role mine',
			'create table public.mine ()',
		])
			await expect(db.query(sql), sql).rejects.toMatchObject({ code: '42501' });
	});
});

test('removes old events in a restored database too, after its migration', async () => {
	const { url, left, allRetained, sql } = await log({ settled: [119], unsettled: [118] });
	// As a restore leaves them: everything belongs to the role that restored it.
	await sql(`do $$ declare name text; begin
		for name in select relname from pg_class where relnamespace = 'eventing'::regnamespace and relkind in ('r', 'p')
		loop execute format('alter table eventing.%I owner to bodega', name); end loop; end $$`);
	const { root, remove } = linkMigrations();
	await migrate({ owner: ownerOf(url), functions: [...functions, ...samples], remover, root }).finally(remove);
	await allRetained();
	expect(await left()).toEqual({ events: ['unsettled'], deliveries: 2, letters: [] });
});
