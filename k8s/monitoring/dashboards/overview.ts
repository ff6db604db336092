import { functions } from '../../../functions/index.ts';
import { withRole } from '../../../kit/declare/declare.ts';
import type { Dashboard } from './dashboard.ts';

const gateway = withRole('gateway', functions).name;

export const overview: Dashboard = {
	name: 'overview',
	title: 'shop',
	panels: [
		{ title: 'Requests', kind: 'stat', width: 6, unit: 'reqps', queries: [{ expr: 'sum(bodega:requests:rate1m)' }] },
		{
			title: 'Answered with 5xx',
			kind: 'stat',
			width: 6,
			unit: 'percentunit',
			queries: [
				{
					expr: '(sum(bodega:requests:rate1m{http_response_status_code=~"5.."}) or vector(0)) / (sum(bodega:requests:rate1m) > 0)',
				},
			],
		},
		{ title: 'Pods', kind: 'stat', width: 6, queries: [{ expr: 'sum(bodega:pods:count)' }] },
		{ title: 'Dead letters', kind: 'stat', width: 6, queries: [{ expr: 'sum(bodega_dead_letters)' }] },
		{
			title: 'Requests by function',
			unit: 'reqps',
			queries: [{ expr: 'sum by (kn_service_name) (bodega:requests:rate1m)', legend: '{{kn_service_name}}' }],
		},
		{
			title: 'Resources created, and events delivered',
			unit: 'ops',
			queries: [
				{
					expr: `sum by (kn_service_name) (bodega:requests:rate1m{kn_service_name!="${gateway}", http_request_method="POST", http_response_status_code=~"201|202"})`,
					legend: '{{kn_service_name}}',
				},
				{ expr: 'sum(bodega:requests:rate1m{kn_service_name=~".*-events"})', legend: 'deliveries' },
			],
		},
		{
			title: 'Duration at the gateway',
			description: 'As customers see it, including cold starts.',
			unit: 's',
			queries: ['0.5', '0.95'].map((quantile) => ({
				expr: `histogram_quantile(${quantile}, sum by (le) (bodega:request_duration:growth5m{kn_service_name="${gateway}"}))`,
				legend: `quantile ${quantile}`,
			})),
		},
		{
			title: 'Alerts',
			queries: [{ expr: 'sum by (alertname, alertstate) (ALERTS)', legend: '{{alertname}} {{alertstate}}' }],
		},
	],
};
