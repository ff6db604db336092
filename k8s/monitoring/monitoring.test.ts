import type { IDeployment, IStatefulSet } from 'kubernetes-models/apps/v1';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { IService } from 'kubernetes-models/v1';
import { expect, test } from 'vitest';
import { functions } from '../../functions/index.ts';
import { restrictedProfile } from '../kubectl/testing.ts';
import { completeSecrets, secrets } from '../manifests/secret.ts';
import { dashboardJson } from './dashboards/dashboard.ts';
import { monitoring } from './monitoring.ts';
import { scrapeConfigs } from './scrape.ts';

const objects = [...monitoring({ namespace: 'shop', image: (name) => `dev.local/${name}:1` }).values()].flat();
const ofKind = <T>(kind: string): T[] => objects.filter((object) => object.kind === kind) as T[];
const workloads = [...ofKind<IStatefulSet>('StatefulSet'), ...ofKind<IDeployment>('Deployment')];

test.each(workloads.map((each) => [each.metadata?.name, each.spec?.template.spec] as const))(
	'%s has the restricted profile, and has a token only if it is Prometheus',
	(name, spec) => {
		expect(spec?.containers.map(({ securityContext }) => securityContext)).toEqual([restrictedProfile]);
		expect(spec?.automountServiceAccountToken === false).toBe(name !== 'prometheus');
		expect(spec?.containers[0]?.image).toMatch(/:[^:]+$/);
	},
);

test('Prometheus has the right to read Pods, and no other rights', () => {
	const roles = objects.filter(({ kind }) => kind === 'Role') as { rules?: unknown }[];
	expect(roles.map(({ rules }) => rules)).toEqual([
		[{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
	]);
});

test('all monitoring Services are cluster-internal', () => {
	expect(ofKind<IService>('Service').map(({ metadata, spec }) => [metadata?.name, spec?.type])).toEqual([
		['metrics', 'ClusterIP'],
		['prometheus', 'ClusterIP'],
		['grafana', 'ClusterIP'],
	]);
});

test('policies let Prometheus reach the metrics ports, Grafana reach Prometheus, and the exporter reach Postgres', () => {
	const into = ofKind<INetworkPolicy>('NetworkPolicy').flatMap(({ metadata, spec }) =>
		(spec?.ingress ?? []).flatMap(({ from, ports }) =>
			(from ?? []).map(({ podSelector }) => [
				metadata?.name,
				podSelector?.matchExpressions?.[0]?.values?.[0],
				ports?.map(({ port }) => port),
			]),
		),
	);
	expect(into).toEqual([
		['prometheus', 'grafana', [9090]],
		['functions-monitored', 'prometheus', [9091]],
		['metrics', 'prometheus', [8080]],
		['postgres-monitored', 'metrics', [5432]],
	]);
});

test('stores only the shop’s namespace of the metrics that Knative exposes for all namespaces', () => {
	const configs = scrapeConfigs('shop') as {
		job_name: string;
		metric_relabel_configs: { source_labels: string[]; regex: string }[];
	}[];
	const stored = configs.map(({ job_name, metric_relabel_configs: [, namespace] }) => [
		job_name,
		namespace && [namespace.source_labels, namespace.regex],
	]);
	expect(Object.fromEntries(stored)).toEqual({
		activator: [['k8s_namespace_name'], 'shop'],
		autoscaler: [['k8s_namespace_name'], 'shop'],
		'queue-proxy': undefined,
		metrics: undefined,
	});
});

test('the metrics exporter has its own database role', () => {
	const stored = completeSecrets({ ownerPassword: 'o', adminPassword: 'a' });
	const [own] = secrets(functions, stored, {}, true).filter(({ metadata }) => metadata?.name === 'metrics-database');
	const url = Buffer.from(own?.data?.['DATABASE_URL'] ?? '', 'base64').toString();
	expect(new URL(url).username).toBe('bodega_metrics');
	expect(secrets(functions, stored).some(({ metadata }) => metadata?.name === 'metrics-database')).toBe(false);
});

test('panels are laid out in rows of 24 columns, without overlapping', () => {
	const panel = (width: 8 | 12, kind: 'stat' | 'timeseries') => ({ title: '', width, kind, queries: [{ expr: 'up' }] });
	const { panels } = JSON.parse(
		dashboardJson({
			name: 'x',
			title: 'x',
			panels: [panel(8, 'stat'), panel(12, 'timeseries'), panel(12, 'stat'), panel(12, 'stat')],
		}),
	) as { panels: { gridPos: { x: number; y: number; w: number; h: number } }[] };
	expect(panels.map(({ gridPos: { x, y, w, h } }) => [x, y, w, h])).toEqual([
		[0, 0, 8, 4],
		[8, 0, 12, 8],
		[0, 8, 12, 4],
		[12, 8, 12, 4],
	]);
});
