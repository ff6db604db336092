import type { Dashboard } from './dashboard.ts';

const legend = '{{kn_service_name}}';
/** The Services that handle events. */
const handlers = 'kn_service_name=~".*-events"';

export const events: Dashboard = {
	name: 'events',
	title: 'events',
	panels: [
		{ title: 'Unhandled events', kind: 'stat', width: 8, queries: [{ expr: 'bodega_outbox_unhandled_events' }] },
		{
			title: 'Age of the oldest unhandled event',
			kind: 'stat',
			width: 8,
			unit: 's',
			queries: [{ expr: 'bodega_outbox_oldest_unhandled_age_seconds' }],
		},
		{ title: 'Dead letters', kind: 'stat', width: 8, queries: [{ expr: 'sum(bodega_dead_letters)' }] },
		{
			title: 'Deliveries',
			description: 'Attempts by the Broker to deliver an event to a function.',
			unit: 'ops',
			queries: [{ expr: `sum by (kn_service_name) (bodega:requests:rate1m{${handlers}})`, legend }],
		},
		{
			title: 'Failed deliveries',
			description: 'The Broker retries each one until it succeeds or becomes a dead letter.',
			unit: 'ops',
			queries: [
				{
					expr: `sum by (kn_service_name) (bodega:requests:rate1m{${handlers}, http_response_status_code!~"2.."})`,
					legend,
				},
			],
		},
		{
			title: 'Duration of a delivery, 95th percentile',
			description: 'Includes the function’s cold start.',
			unit: 's',
			queries: [
				{
					expr: `histogram_quantile(0.95, sum by (kn_service_name, le) (bodega:request_duration:growth5m{${handlers}}))`,
					legend,
				},
			],
		},
		{
			title: 'Rejected events that are retried, by trigger',
			queries: [{ expr: 'bodega_deliveries_failing', legend: '{{trigger}}' }],
		},
		{
			title: 'Dead letters by trigger',
			queries: [{ expr: 'bodega_dead_letters', legend: '{{trigger}}' }],
		},
		{
			title: 'Outbox',
			queries: [
				{ expr: 'bodega_outbox_unhandled_events', legend: 'unhandled' },
				{ expr: 'bodega_outbox_unsettled_events', legend: 'not yet settled by the relay' },
			],
		},
	],
};
