import type { Dashboard } from './dashboard.ts';

const legend = '{{kn_service_name}}';

/** Rate, errors, duration and cold starts of each function. */
export const functions: Dashboard = {
	name: 'functions',
	title: 'functions',
	panels: [
		{
			title: 'Requests',
			unit: 'reqps',
			queries: [{ expr: 'sum by (kn_service_name) (bodega:requests:rate1m)', legend }],
		},
		{
			title: 'Answered with 4xx or 5xx',
			unit: 'reqps',
			queries: [
				{
					expr: 'sum by (kn_service_name, http_response_status_code) (bodega:requests:rate1m{http_response_status_code=~"[45].."})',
					legend: `${legend} {{http_response_status_code}}`,
				},
			],
		},
		{
			title: 'Duration for the caller, 95th percentile',
			description: 'Measured at the activator, so it includes cold starts.',
			unit: 's',
			queries: [
				{
					expr: 'histogram_quantile(0.95, sum by (kn_service_name, le) (bodega:request_duration:growth5m))',
					legend,
				},
			],
		},
		{
			title: 'Duration in the function, 95th percentile',
			description:
				'Measured at the queue-proxy next to the function, so it excludes the wait for an instance. Misses the requests of a Pod that ends before its next scrape.',
			unit: 's',
			queries: [
				{
					expr: 'histogram_quantile(0.95, sum by (kn_service_name, le) (bodega:invocation_duration:growth5m))',
					legend,
				},
			],
		},
		{
			title: 'Cold starts in the last hour',
			description: 'How often a function started from zero Pods.',
			queries: [{ expr: 'sum_over_time(bodega:cold_start:begun[1h])', legend }],
		},
		{
			title: 'Requests waiting for an instance',
			queries: [{ expr: 'sum by (kn_revision_name) (kn_revision_request_queued)', legend: '{{kn_revision_name}}' }],
		},
	],
};
