import type { Dashboard } from './dashboard.ts';

export const database: Dashboard = {
	name: 'database',
	title: 'database',
	panels: [
		{ title: 'Reachable', kind: 'stat', width: 8, queries: [{ expr: 'pg_up' }] },
		{ title: 'Size', kind: 'stat', width: 8, unit: 'bytes', queries: [{ expr: 'pg_database_size_bytes' }] },
		{
			title: 'Connections in use',
			kind: 'stat',
			width: 8,
			unit: 'percentunit',
			queries: [{ expr: 'sum(pg_stat_activity_count) / max(pg_settings_max_connections)' }],
		},
		{ title: 'Connections by role', queries: [{ expr: 'pg_stat_activity_count', legend: '{{usename}}' }] },
		{
			title: 'Transactions',
			unit: 'ops',
			queries: [
				{ expr: 'rate(pg_stat_database_xact_commit[5m])', legend: 'committed' },
				{ expr: 'rate(pg_stat_database_xact_rollback[5m])', legend: 'rolled back' },
			],
		},
		{
			title: 'Cache hit ratio',
			unit: 'percentunit',
			queries: [
				{
					expr: 'rate(pg_stat_database_blks_hit[5m]) / (rate(pg_stat_database_blks_hit[5m]) + rate(pg_stat_database_blks_read[5m]))',
				},
			],
		},
		{ title: 'Deadlocks', queries: [{ expr: 'pg_stat_database_deadlocks' }] },
		{ title: 'Size over time', unit: 'bytes', queries: [{ expr: 'pg_database_size_bytes' }] },
	],
};
