import type { Dashboard } from './dashboard.ts';

const legend = '{{kn_service_name}}';

/** Rate, errors, duration, and what a cold start adds to it. */
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
			description: 'At the activator: what a cold start takes is part of it.',
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
				'At the queue-proxy beside it: without the wait for an instance. A pod that is gone before its next scrape is not seen.',
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
			description: 'How often a function went from no pods to some.',
			queries: [{ expr: 'sum_over_time(bodega:cold_start:begun[1h])', legend }],
		},
		{
			title: 'Requests that wait for an instance',
			queries: [{ expr: 'sum by (kn_revision_name) (kn_revision_request_queued)', legend: '{{kn_revision_name}}' }],
		},
	],
};
