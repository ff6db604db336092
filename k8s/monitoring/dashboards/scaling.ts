import type { Dashboard } from './dashboard.ts';

const legend = '{{kn_service_name}}';
const byFunction = (metric: string): string => `sum by (kn_service_name) (${metric})`;

export const scaling: Dashboard = {
	name: 'scaling',
	title: 'scaling',
	panels: [
		{ title: 'Pods there are', queries: [{ expr: 'bodega:pods:count', legend }] },
		{ title: 'Pods wanted', queries: [{ expr: byFunction('kn_revision_pods_desired'), legend }] },
		{
			title: 'Pods that do not serve',
			queries: [
				{ expr: byFunction('kn_revision_pods_pending_count'), legend: `${legend} pending` },
				{ expr: byFunction('kn_revision_pods_not_ready_count'), legend: `${legend} not ready` },
				{ expr: byFunction('kn_revision_pods_terminating_count'), legend: `${legend} terminating` },
			],
		},
		{
			title: 'Concurrency',
			description: 'Requests at once, over the window that the autoscaler goes by.',
			queries: [{ expr: byFunction('kn_revision_concurrency_stable'), legend }],
		},
		{
			title: 'Requests that wait in the activator',
			queries: [{ expr: 'sum by (kn_revision_name) (kn_revision_request_queued)', legend: '{{kn_revision_name}}' }],
		},
		{
			title: 'Requests that the activator has passed on',
			queries: [{ expr: 'sum by (kn_revision_name) (kn_revision_request_active)', legend: '{{kn_revision_name}}' }],
		},
		{
			title: 'Panic mode',
			description: '1 while the autoscaler goes by the last seconds, because they are far above the window.',
			queries: [{ expr: 'max by (kn_service_name) (kn_revision_panic_mode)', legend }],
		},
		{
			title: 'Cold starts in the last hour',
			queries: [{ expr: 'sum_over_time(bodega:cold_start:begun[1h])', legend }],
		},
	],
};
