import type { Dashboard } from './dashboard.ts';

const legend = '{{kn_service_name}}';
const byFunction = (metric: string): string => `sum by (kn_service_name) (${metric})`;

export const scaling: Dashboard = {
	name: 'scaling',
	title: 'scaling',
	panels: [
		{ title: 'Pods', queries: [{ expr: 'bodega:pods:count', legend }] },
		{ title: 'Pods wanted', queries: [{ expr: byFunction('kn_revision_pods_desired'), legend }] },
		{
			title: 'Pods that are not serving',
			queries: [
				{ expr: byFunction('kn_revision_pods_pending_count'), legend: `${legend} pending` },
				{ expr: byFunction('kn_revision_pods_not_ready_count'), legend: `${legend} not ready` },
				{ expr: byFunction('kn_revision_pods_terminating_count'), legend: `${legend} terminating` },
			],
		},
		{
			title: 'Concurrency',
			description: 'Concurrent requests, averaged over the autoscaler’s window.',
			queries: [{ expr: byFunction('kn_revision_concurrency_stable'), legend }],
		},
		{
			title: 'Requests waiting in the activator',
			queries: [{ expr: 'sum by (kn_revision_name) (kn_revision_request_queued)', legend: '{{kn_revision_name}}' }],
		},
		{
			title: 'Requests forwarded by the activator and not answered yet',
			queries: [{ expr: 'sum by (kn_revision_name) (kn_revision_request_active)', legend: '{{kn_revision_name}}' }],
		},
		{
			title: 'Panic mode',
			description:
				'1 while the autoscaler uses only the last few seconds, because their load is far above the window’s.',
			queries: [{ expr: 'max by (kn_service_name) (kn_revision_panic_mode)', legend }],
		},
		{
			title: 'Cold starts in the last hour',
			queries: [{ expr: 'sum_over_time(bodega:cold_start:begun[1h])', legend }],
		},
	],
};
