import type { Queryable } from '../../kit/data/database.ts';
import type { Metric, Sample } from './exposition.ts';

/** Names are those of postgres_exporter. The role needs only the views `eventing.*_health`. */
export async function databaseMetrics(db: Queryable): Promise<Metric[]> {
	const outbox = await one<{ unhandled: number; oldest_age_seconds: number; unsettled: number }>(
		db,
		'select unhandled, oldest_age_seconds, unsettled from eventing.outbox_health',
	);
	const { rows: triggers } = await db.query<{ trigger: string; failing: number; dead: number }>(
		'select trigger, failing, dead from eventing.trigger_health',
	);
	const { rows: refusals } = await db.query<{ trigger: string; refused: number }>(
		'select trigger, refused::float8 from eventing.refusal_health',
	);
	const { datname, ...database } = await one<{ datname: string } & Record<string, number>>(
		db,
		`select d.datname, pg_database_size(d.datname)::float8 as size, xact_commit::float8, xact_rollback::float8,
			blks_hit::float8, blks_read::float8, deadlocks::float8, current_setting('max_connections')::float8 as most
		 from pg_stat_database d where d.datname = current_database()`,
	);
	const { rows: connections } = await db.query<{ datname: string; usename: string; count: number }>(
		`select datname, usename, count(*)::int from pg_stat_activity
		 where datname = current_database() and usename is not null group by 1, 2`,
	);
	const ofDatabase = (column: string): Sample[] => [{ labels: { datname }, value: database[column] ?? 0 }];
	const counter = (column: string, help: string): Metric => ({
		name: `pg_stat_database_${column}`,
		help,
		type: 'counter',
		samples: ofDatabase(column),
	});
	return [
		gauge('pg_up', 'Whether the database answers.', 1),
		gauge('bodega_outbox_unhandled_events', 'Events that some trigger has not handled yet.', outbox.unhandled),
		gauge(
			'bodega_outbox_oldest_unhandled_age_seconds',
			'The age of the oldest event that some trigger has not handled yet; 0 without such events.',
			outbox.oldest_age_seconds,
		),
		gauge('bodega_outbox_unsettled_events', 'Events that the relay has not marked as settled.', outbox.unsettled),
		gauge(
			'bodega_deliveries_failing',
			'Events whose delivery to a trigger has failed and will be retried.',
			triggers.map(({ trigger, failing }) => ({ labels: { trigger }, value: failing })),
		),
		gauge(
			'bodega_dead_letters',
			'Dead letters that are neither resolved nor handled.',
			triggers.map(({ trigger, dead }) => ({ labels: { trigger }, value: dead })),
		),
		{
			name: 'bodega_events_refused_total',
			help: 'Deliveries that were refused because no function has emitted their event.',
			type: 'counter',
			samples: refusals.map(({ trigger, refused }) => ({ labels: { trigger }, value: refused })),
		},
		gauge('pg_database_size_bytes', 'The size of the database on disk.', ofDatabase('size')),
		counter('xact_commit', 'Committed transactions.'),
		counter('xact_rollback', 'Transactions rolled back.'),
		counter('blks_hit', 'Blocks found in the cache.'),
		counter('blks_read', 'Blocks read from disk.'),
		counter('deadlocks', 'Deadlocks detected.'),
		gauge('pg_settings_max_connections', 'The most connections that the server accepts.', database['most'] ?? 0),
		gauge(
			'pg_stat_activity_count',
			'Open connections, by role.',
			connections.map(({ datname, usename, count }) => ({ labels: { datname, usename }, value: count })),
		),
	];
}

export const databaseAway: readonly Metric[] = [gauge('pg_up', 'Whether the database answers.', 0)];

function gauge(name: string, help: string, value: number | Sample[]): Metric {
	return { name, help, type: 'gauge', samples: typeof value === 'number' ? [{ value }] : value };
}

async function one<Row extends object>(db: Queryable, sql: string): Promise<Row> {
	const { rows } = await db.query<Row>(sql);
	return rows[0] as Row;
}
