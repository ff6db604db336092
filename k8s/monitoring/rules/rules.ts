import { stringify } from 'yaml';

/** The interval at which rules are evaluated and targets scraped. The windows of the rules are multiples of it. */
export const interval = '15s';

interface Alert {
	readonly alert: string;
	readonly expr: string;
	readonly for: string;
	readonly labels: { readonly severity: 'critical' | 'warning' };
	readonly annotations: { readonly summary: string; readonly runbook_url: string };
}

/**
 * Returns an expression for the growth of counters in a window. `rate` would miss the first failure: Knative starts a
 * series at 1 with the first request of its kind, and `rate` takes a series' first value as its baseline. Leaves out
 * counts from before a target's first scrape.
 */
const growth = (counter: string, job: string, by: string, window: string): string => {
	const series = `${counter}{job="${job}"}`;
	const before = `${series} offset ${window}`;
	const grown = `clamp_min(${series} - (${before} or ${series} * 0), 0)`;
	return `sum by (${by}) (${grown} and on (instance) up{job="${job}"} offset ${window})`;
};

const requests = 'http_server_request_duration_seconds';
const invocations = 'kn_serving_invocation_duration_seconds_bucket';

const byRequest = 'kn_service_name, http_request_method, http_response_status_code';

/** Expressions that dashboards and alerts use repeatedly. */
export const recordings = [
	{
		record: 'bodega:requests:rate1m',
		expr: `${growth(`${requests}_count`, 'activator', byRequest, '1m')} / 60`,
	},
	{
		record: 'bodega:request_duration:growth5m',
		expr: growth(`${requests}_bucket`, 'activator', 'kn_service_name, le', '5m'),
	},
	{
		// Each Pod has its own series, which starts with its first request and can end within the window.
		record: 'bodega:invocation_duration:growth5m',
		expr: `sum by (kn_service_name, le) (clamp_min(max_over_time(${invocations}[5m]) - (${invocations} offset 5m or max_over_time(${invocations}[5m]) * 0), 0))`,
	},
	{ record: 'bodega:pods:count', expr: 'sum by (kn_service_name) (kn_revision_pods_count)' },
	{
		// 1 at the evaluation that finds Pods when the previous one found none, otherwise 0.
		record: 'bodega:cold_start:begun',
		expr: `(bodega:pods:count > bool 0) * (bodega:pods:count offset ${interval} == bool 0)`,
	},
];

const alert = (
	name: string,
	severity: Alert['labels']['severity'],
	lasting: string,
	expr: string,
	summary: string,
): Alert => ({
	alert: name,
	expr,
	for: lasting,
	labels: { severity },
	annotations: { summary, runbook_url: `docs/runbooks.md#${name.toLowerCase()}` },
});

const failures =
	'sum by (kn_service_name) (avg_over_time(bodega:requests:rate1m{http_response_status_code=~"5.."}[5m]))';
const targets = 'activator|autoscaler|metrics';

export const alerts: readonly Alert[] = [
	alert(
		'FunctionFailing',
		'critical',
		'2m',
		// Needs more than three failures, because in a function with few requests one failure is a large share.
		`${failures} / sum by (kn_service_name) (avg_over_time(bodega:requests:rate1m[5m])) > 0.05 and ${failures} * 300 > 3`,
		'{{ $labels.kn_service_name }} answers {{ $value | humanizePercentage }} of its requests with a 5xx',
	),
	alert(
		'FunctionSlow',
		'warning',
		'10m',
		'histogram_quantile(0.95, sum by (kn_service_name, le) (bodega:request_duration:growth5m)) > 5',
		'one in twenty requests to {{ $labels.kn_service_name }} takes longer than {{ $value | humanizeDuration }}',
	),
	alert(
		'FunctionNotStarting',
		'critical',
		'2m',
		'sum by (kn_service_name) (kn_revision_pods_desired) > 0 and bodega:pods:count == 0',
		'{{ $labels.kn_service_name }} should have {{ $value }} pods and has none',
	),
	alert(
		'RequestsWaiting',
		'warning',
		'2m',
		'sum by (kn_revision_name) (kn_revision_request_queued) > 10',
		'{{ $value }} requests wait for an instance of {{ $labels.kn_revision_name }}',
	),
	alert(
		'DeliveriesFailing',
		'warning',
		'1m',
		'bodega_deliveries_failing > 0',
		'{{ $value }} events were rejected by {{ $labels.trigger }} and are being retried',
	),
	alert(
		'DeadLetters',
		'warning',
		'1m',
		'bodega_dead_letters > 0',
		'{{ $value }} events for {{ $labels.trigger }} became dead letters',
	),
	alert(
		'OutboxStuck',
		'critical',
		'1m',
		'bodega_outbox_oldest_unhandled_age_seconds > 300',
		'an event has been unhandled for {{ $value | humanizeDuration }}',
	),
	alert('DatabaseAway', 'critical', '1m', 'pg_up == 0', 'the database does not answer'),
	alert(
		'DatabaseConnections',
		'warning',
		'5m',
		'sum(pg_stat_activity_count) / max(pg_settings_max_connections) > 0.8',
		"{{ $value | humanizePercentage }} of the database's connections are in use",
	),
	alert(
		'DatabaseSize',
		'warning',
		'10m',
		`max(pg_database_size_bytes) > 0.8 * ${2 ** 30}`,
		'the database uses {{ $value | humanize1024 }}B of its 1 GiB volume',
	),
	alert(
		'MonitoringBlind',
		'warning',
		'3m',
		`up{job=~"${targets}"} == 0${targets
			.split('|')
			.map((job) => ` or absent(up{job="${job}"})`)
			.join('')}`,
		'{{ $labels.job }} reports no metrics, so alerts on them cannot fire',
	),
];

/** Returns the rules as YAML for Prometheus and promtool. */
export const rulesText = (): string =>
	stringify(
		{
			groups: [
				{ name: 'bodega', interval, rules: recordings },
				{ name: 'bodega alerts', interval, rules: alerts },
			],
		},
		{ lineWidth: 0 },
	);
