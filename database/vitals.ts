import pg from 'pg';

/** The health of a shop's database and events, as `bodega status` shows it. */
export interface Vitals {
	/** In bytes. */
	readonly size: number;
	readonly connections: number;
	readonly max_connections: number;
	/** Pairs of event and trigger where the trigger has not handled the event yet. */
	readonly unhandled: number;
	/** Dead letters that nobody has replayed or discarded. */
	readonly dead_letters: number;
	/** Oldest first. */
	readonly events: readonly {
		readonly time: string;
		readonly type: string;
		readonly subject: string;
		readonly source: string;
		/** The number of triggers that have handled it; `triggers` is the number of all triggers for it. */
		readonly handled: number;
		readonly triggers: number;
	}[];
}

/** Reads the vitals as one JSON value. */
export const vitalsQuery = `
with last as (
	select e.time, e.type, e.subject, e.source, e.id,
		(select count(*) from eventing.triggers t where t.type = e.type) as triggers,
		(select count(*) from eventing.deliveries d where (d.source, d.id) = (e.source, e.id) and d.handled_at is not null) as handled
	from eventing.events e order by e.id desc limit 5)
select json_build_object(
	'size', pg_database_size(current_database()),
	'connections', (select count(*) from pg_stat_activity where backend_type = 'client backend'),
	'max_connections', current_setting('max_connections')::int,
	'unhandled', (select count(*) from eventing.events e join eventing.triggers t on t.type = e.type
		where e.settled_at is null and not exists (select from eventing.deliveries d
			where (d.source, d.id, d.trigger) = (e.source, e.id, t.name) and d.handled_at is not null)),
	'dead_letters', (select count(*) from eventing.dead_letters where resolution is null),
	'events', coalesce((select json_agg(json_build_object('time', time, 'type', type, 'subject', subject, 'source', source,
		'triggers', triggers, 'handled', handled) order by id) from last), '[]')) as vitals`;

/** Reads the vitals as the database's owner. @throws {Error} when the database does not answer within 5 s */
export async function readVitals(url: string): Promise<Vitals> {
	const patience = { connectionTimeoutMillis: 5_000, query_timeout: 5_000 };
	const client = new pg.Client({ connectionString: url, application_name: 'bodega status', ...patience });
	// A connection that ends after the answer is no fault.
	client.on('error', () => {});
	try {
		await client.connect();
		const { rows } = await client.query<{ vitals: Vitals }>(vitalsQuery);
		return rows[0]?.vitals as Vitals;
	} finally {
		client.end().catch(() => {});
	}
}
