import type { ClientBase } from 'pg';
import type { Metric } from './exposition.ts';

type Queryable = Pick<ClientBase, 'query'>;

/**
 * Reads the metrics of the database and of the shop's events. The Postgres metrics have the names of postgres_exporter.
 * The role needs access only to the two views of eventing/migrations/004-health.sql.
 */
export async function databaseMetrics(db: Queryable): Promise<Metric[]> {
	const [outbox, triggers, database, connections] = [
		await one<{ unhandled: number; oldest_age_seconds: number; unsettled: number }>(
			db,
			'select unhandled, oldest_age_seconds, unsettled from eventing.outbox_health',
		),
		(
			await db.query<{ trigger: string; failing: number; dead: number }>(
				'select trigger, failing, dead from eventing.trigger_health',
			)
		).rows,
		await one<Record<'datname', string> & Record<string, number>>(
			db,
			`select d.datname, pg_database_size(d.datname)::float8 as size, xact_commit::float8, xact_rollback::float8,
				blks_hit::float8, blks_read::float8, deadlocks::float8, current_setting('max_connections')::float8 as most
			 from pg_stat_database d where d.datname = current_database()`,
		),
		(
			await db.query<{ datname: string; usename: string; count: number }>(
				`select datname, usename, count(*)::int from pg_stat_activity
				 where datname = current_database() and usename is not null group by 1, 2`,
			)
		).rows,
	];
	const { datname } = database;
	const ofDatabase = (name: string, type: Metric['type'], help: string, column: string): Metric => ({
		name,
		help,
		type,
		samples: [{ labels: { datname }, value: database[column] ?? 0 }],
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
		{
			name: 'bodega_deliveries_failing',
			help: 'Events whose delivery to a trigger has failed and will be retried.',
			type: 'gauge',
			samples: triggers.map(({ trigger, failing }) => ({ labels: { trigger }, value: failing })),
		},
		{
			name: 'bodega_dead_letters',
			help: 'Dead letters that are neither resolved nor handled.',
			type: 'gauge',
			samples: triggers.map(({ trigger, dead }) => ({ labels: { trigger }, value: dead })),
		},
		ofDatabase('pg_database_size_bytes', 'gauge', 'The size of the database on disk.', 'size'),
		ofDatabase('pg_stat_database_xact_commit', 'counter', 'Committed transactions.', 'xact_commit'),
		ofDatabase('pg_stat_database_xact_rollback', 'counter', 'Transactions rolled back.', 'xact_rollback'),
		ofDatabase('pg_stat_database_blks_hit', 'counter', 'Blocks found in the cache.', 'blks_hit'),
		ofDatabase('pg_stat_database_blks_read', 'counter', 'Blocks read from disk.', 'blks_read'),
		ofDatabase('pg_stat_database_deadlocks', 'counter', 'Deadlocks detected.', 'deadlocks'),
		gauge('pg_settings_max_connections', 'The most connections that the server accepts.', database['most'] ?? 0),
		{
			name: 'pg_stat_activity_count',
			help: 'Open connections, by role.',
			type: 'gauge',
			samples: connections.map(({ datname, usename, count }) => ({ labels: { datname, usename }, value: count })),
		},
	];
}

/** The metrics when the database does not answer. */
export const databaseAway: readonly Metric[] = [gauge('pg_up', 'Whether the database answers.', 0)];

function gauge(name: string, help: string, value: number): Metric {
	return { name, help, type: 'gauge', samples: [{ value }] };
}

async function one<Row extends object>(db: Queryable, sql: string): Promise<Row> {
	const { rows } = await db.query<Row>(sql);
	return rows[0] as Row;
}
