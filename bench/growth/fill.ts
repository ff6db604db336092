import pg from 'pg';
import { attributeOf, catalog, dataschemaOf, type EventType } from '../../eventing/catalog/catalog.ts';
import { sourceOf } from '../../eventing/outbox.ts';
import { accountsOf, ordersOf, type Step, steps, stored } from './steps.ts';
import type { Years } from './years.ts';

/** The orders of one transaction. */
const batch = 50_000;
/** How many transactions run in parallel. Postgres needs a core for each. */
const parallel = 2;

/**
 * Fills the database of an empty shop, through its parent tables. Leaves out what belongs to functions that the shop lacks.
 * @param url of a superuser, because the triggers of events and deliveries do not run
 * @param log receives the progress
 */
export async function fill(url: string, years: Years, log: (line: string) => void = () => {}): Promise<void> {
	const clients = Array.from({ length: parallel }, () => new pg.Client({ connectionString: url }));
	await Promise.all(clients.map((client) => client.connect()));
	const [db] = clients as [pg.Client, ...pg.Client[]];
	try {
		const { rows: schemas } = await db.query<{ name: string }>('select nspname as name from pg_namespace');
		const of = (parts: Readonly<Record<string, readonly string[]>>): string[] =>
			schemas.flatMap(({ name }) => parts[name] ?? []);
		const { rows: indexes } = await db.query<{ name: string; definition: string }>(secondaryIndexes);
		// To build an index at the end takes a fraction of the time of its updates.
		for (const { name } of indexes) await db.query(`drop index ${name}`);
		for (const sql of of(accountsOf(years))) await db.query(sql);
		const { rows: triggers } = await db.query<{ type: string }>('select type from eventing.triggers');
		const known = steps.filter(({ type }) => Object.hasOwn(catalog, type));
		const failing = known.find(({ type }) =>
			triggers.some((trigger) => trigger.type === attributeOf(type as EventType)),
		);
		const emitting = known.map((step) => emission(step, step === failing)).join(' union all ');
		await fillOrders(clients, years, of(stored), emitting, log);
		for (const { name, definition } of indexes) {
			log(`index ${name}`);
			await db.query(`set maintenance_work_mem = '1GB'; ${definition}`);
		}
		const { rows: identities } = await db.query<{ sql: string }>(nextIdentities);
		for (const { sql } of identities) await db.query(sql);
		log('vacuum and analyze');
		await db.query('vacuum (analyze)');
	} finally {
		await Promise.all(clients.map((client) => client.end()));
	}
}

/** Stores the orders with their events, in batches. */
async function fillOrders(
	clients: readonly pg.Client[],
	years: Years,
	statements: readonly string[],
	emitting: string,
	log: (line: string) => void,
): Promise<void> {
	const start = performance.now();
	let next = 1;
	let events = 0;
	await Promise.all(
		clients.map(async (db) => {
			while (next <= years.orders) {
				const first = next;
				const last = Math.min(first + batch - 1, years.orders);
				next = last + 1;
				await db.query('begin');
				await db.query(ordersOf(first, last, years));
				for (const sql of statements) await db.query(sql);
				await db.query('set local session_replication_role = replica');
				const emitted = await db.query(`create temp table emitted on commit drop as ${emitting}`);
				for (const sql of recorded) await db.query(sql);
				await db.query('commit');
				events += emitted.rowCount ?? 0;
				const seconds = (performance.now() - start) / 1000;
				const share = Math.round((100 * last) / years.orders);
				log(`${share} %: ${events} events, ${Math.round(events / seconds)} /s`);
			}
		}),
	);
}

/** Selects the events of one step. @param isFailing whether some of them become dead letters */
const emission = ({ type, emitter, after, when, subject, data }: Step, isFailing: boolean): string => `
	select uuidv7(age + interval '${after} ms')::text as id, '${sourceOf(emitter)}' as source, '${attributeOf(type as EventType)}' as type,
		${subject}::text as subject, now() + age + interval '${after} ms' as time, '${dataschemaOf(type as EventType)}' as dataschema,
		'00-' || trace || '-00f067aa0ba902b7-01' as traceparent,
		${data} || case when account_id is null then '{}' else jsonb_build_object('account_id', account_id) end as data,
		${isFailing ? 'letter' : 'null'} as letter
	from batch where ${when}`;

const failures = `jsonb_build_array(jsonb_build_object('publication', 'first', 'error', 'the database is not reachable', 'times', 9,
	'first_at', '2026-01-05T09:00:00.000Z', 'at', '2026-01-05T09:02:09.000Z'))`;
/** One trigger of the type has the dead letter. */
const isDead = `e.letter is not null and t.name = (select min(name) from eventing.triggers s where s.type = e.type)`;

/** Stores the events of `emitted`, with the deliveries to every trigger. One in a hundred deliveries has failed before. */
const recorded = [
	`insert into eventing.events (id, source, type, subject, time, dataschema, traceparent, data, settled_at)
	 select id, source, type, subject, time, dataschema, traceparent, data,
		case when letter is distinct from 'open' then time + interval '1 minute' end from emitted order by id`,
	`insert into eventing.deliveries (source, id, trigger, attempts, received_at, handled_at, failures)
	 select e.source, e.id, t.name, case when ${isDead} then 9 when hashtext(e.id) % 100 = 0 then 10 else 1 end, e.time + interval '5 ms',
		case when ${isDead} and e.letter <> 'replayed' then null else e.time + interval '6 ms' end,
		case when ${isDead} or hashtext(e.id) % 100 = 0 then ${failures} else '[]' end
	 from emitted e join eventing.triggers t on t.type = e.type order by e.id`,
	`insert into eventing.dead_letters (id, source, event_id, trigger, event, code, error, received_at, resolution, resolved_at)
	 select uuidv7(e.time - now() + interval '3 minutes'), e.source, e.id, t.name,
		jsonb_build_object('specversion', '1.0', 'id', e.id, 'source', e.source, 'type', e.type, 'subject', e.subject, 'time', e.time,
			'dataschema', e.dataschema, 'datacontenttype', 'application/json', 'traceparent', e.traceparent, 'data', e.data),
		500, 'the database is not reachable', e.time + interval '3 minutes', nullif(e.letter, 'open'),
		case when e.letter <> 'open' then e.time + interval '1 hour' end
	 from emitted e join eventing.triggers t on t.type = e.type where ${isDead}`,
];

/** The indexes of tables of the shop that belong to no constraint. Those of partitions go with their parents. */
const secondaryIndexes = `
	select i.indexrelid::regclass::text as name, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') as definition
	from pg_index i join pg_class c on c.oid = i.indrelid
	where c.relnamespace::regnamespace::text in ('eventing', 'orders', 'billing') and not c.relispartition
	and not exists (select from pg_constraint where conindid = i.indexrelid)`;

/** Statements that make each identity column go on after its greatest value. */
const nextIdentities = `
	select format('select setval(%L, (select max(%I) from %I.%I))', pg_get_serial_sequence(format('%I.%I', table_schema, table_name), column_name),
		column_name, table_schema, table_name) as sql
	from information_schema.columns where is_identity = 'YES'`;
