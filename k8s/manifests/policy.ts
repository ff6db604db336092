import type {
	INetworkPolicy,
	INetworkPolicyEgressRule,
	INetworkPolicyIngressRule,
	INetworkPolicyPeer,
} from 'kubernetes-models/networking.k8s.io/v1';
import { tracing, tracingOf, variablesOf } from '../../kit/declare/config.ts';
import { type Declaration, withRole } from '../../kit/declare/declare.ts';
import { database } from './database/database.ts';
import { choicesOf, type Deployment } from './deployment.ts';
import { type Component, metadata } from './object.ts';

/** Selects Pods of this deployment by component, and by name if names are given. */
export const podsOf = (component: Component, names?: readonly string[]) => ({
	podSelector: {
		matchLabels: { 'app.kubernetes.io/component': component },
		...(names ? { matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: [...names] }] } : {}),
	},
});

type Rules = { ingress?: INetworkPolicyIngressRule[]; egress?: INetworkPolicyEgressRule[] };

/**
 * Returns a network policy for the directions that `rules` has. The namespace's default policy denies all traffic that
 * no other policy allows.
 */
export const policy = (
	meta: INetworkPolicy['metadata'] & object,
	{ podSelector }: { podSelector: NonNullable<INetworkPolicyPeer['podSelector']> },
	rules: Rules,
	policyTypes: ('Ingress' | 'Egress')[] = [
		...(rules.ingress ? ['Ingress' as const] : []),
		...(rules.egress ? ['Egress' as const] : []),
	],
): INetworkPolicy => ({
	apiVersion: 'networking.k8s.io/v1',
	kind: 'NetworkPolicy',
	metadata: meta,
	spec: { podSelector, policyTypes, ...rules },
});

export const inNamespace = (name: string, pods: object): INetworkPolicyPeer => ({
	namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
	podSelector: pods,
});

/** Kourier's Envoy, in the namespace of its own release and in that of the Knative Operator. */
const kourier: INetworkPolicyPeer[] = ['kourier-system', 'knative-serving'].map((namespace) =>
	inNamespace(namespace, { matchLabels: { app: '3scale-kourier-gateway' } }),
);
const serving = (app: string): INetworkPolicyPeer => inNamespace('knative-serving', { matchLabels: { app } });

/** Ports of Pods. Network policies match these, not the ports of Services. */
const port = {
	/** The queue-proxy's port for requests; `queueMetrics` is the port that the autoscaler scrapes. */
	queue: 8012,
	queueMetrics: 9090,
	/** The function's own port, behind the queue-proxy. */
	function: 8080,
	/** Kourier's listener for cluster-local names. */
	internalGateway: 8081,
	brokerIngress: 8080,
};

/** Allows DNS. Has no `to`, because no selector matches a resolver on the node (NodeLocal DNSCache). */
export const dns: INetworkPolicyEgressRule = {
	ports: [
		{ port: 53, protocol: 'UDP' },
		{ port: 53, protocol: 'TCP' },
	],
};
/** Allows connections to the database. An external one is limited by port only, because its address can change. */
export const toDatabase = (deployment: Deployment): INetworkPolicyEgressRule =>
	choicesOf(deployment).database === 'external'
		? { ports: [{ port: deployment.databasePort ?? database.port }] }
		: { to: [podsOf('database')], ports: [{ port: database.port }] };

/** Allows connections to the pooler before an external database, if there is one. */
function toPooler(deployment: Deployment): INetworkPolicyEgressRule[] {
	const { pooler } = choicesOf(deployment);
	return pooler ? [{ ports: [{ port: Number(new URL(`tcp://${pooler}`).port) }] }] : [];
}

export const databaseClients = (functions: readonly Declaration[]): INetworkPolicyPeer[] => [
	podsOf(
		'function',
		functions.filter(({ data }) => data).map(({ name }) => name),
	),
	podsOf('migration'),
	podsOf('backup', [backupDumps]),
];

/** The names of the two parts of the nightly backup, and of their Pods. Only the first can reach the database. */
export const backupDumps = 'backup';
export const backupChecks = 'backup-check';

/** The label on Broker Pods; Kafka's have none. */
export const brokerRole = 'eventing.knative.dev/brokerRole';

/** Allows publishing to the Broker. Its ingress Pods depend on the Broker's class. */
function toBroker(deployment: Deployment): INetworkPolicyEgressRule {
	const { broker } = choicesOf(deployment);
	const ingress = { matchLabels: { [brokerRole]: 'ingress' } };
	const receiver = { matchLabels: { app: 'kafka-broker-receiver' } };
	const here = { podSelector: ingress };
	const there = inNamespace('knative-eventing', broker === 'kafka' ? receiver : ingress);
	return { to: [broker.startsWith('rabbitmq') ? here : there], ports: [{ port: port.brokerIngress }] };
}

/** Allows requests to Services with cluster-local names, which go through Kourier. */
export const toGateway: INetworkPolicyEgressRule = { to: kourier, ports: [{ port: port.internalGateway }] };

/** Allows the Kubernetes API, by its usual ports: it is not a Pod, and its address differs from cluster to cluster. */
export const kubernetesApi: INetworkPolicyEgressRule = { ports: [443, 6443, 8443].map((number) => ({ port: number })) };

/**
 * Allows HTTPS to public addresses only. The excluded ranges (RFC 1918, RFC 6598, RFC 3927) contain the cluster's Pods,
 * Services and nodes, and the cloud's metadata server.
 */
const toInternet: INetworkPolicyEgressRule = {
	to: [
		{
			ipBlock: {
				cidr: '0.0.0.0/0',
				except: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16', '127.0.0.0/8'],
			},
		},
	],
	ports: [{ port: 443 }],
};

/** Returns the port of an HTTP URL. */
function portOf(url: string): number {
	const { port: given, protocol } = new URL(url);
	return Number(given || (protocol === 'https:' ? 443 : 80));
}

/** Allows the store of the archive, if there is one. It is limited by port only, because its address can change. */
export const toArchive = ({ archiveUrl }: Deployment): INetworkPolicyEgressRule[] =>
	archiveUrl === undefined ? [] : [{ ports: [{ port: portOf(archiveUrl) }] }];

/** Returns the namespace's policies: deny by default, and allow what all functions and the migration need. */
export const commonPolicies = (functions: readonly Declaration[], deployment: Deployment): INetworkPolicy[] => [
	policy(metadata('default-deny', 'default-deny', 'namespace'), { podSelector: {} }, {}, ['Ingress', 'Egress']),
	policy(metadata('functions', 'functions', 'namespace'), podsOf('function'), {
		ingress: [
			{ from: [serving('activator'), ...kourier], ports: [{ port: port.queue }] },
			{ from: [serving('autoscaler')], ports: [{ port: port.queueMetrics }] },
			{ from: [podsOf('function', [withRole('observer', functions).name])], ports: [{ port: port.function }] },
		],
		egress: [dns],
	}),
	policy(metadata('migrate', 'migrate', 'migration'), podsOf('migration'), { egress: [dns, toDatabase(deployment)] }),
];

/** Allows functions to send traces to a collector. The host name of its Service contains its namespace. */
export function tracingPolicy({ env = {}, namespace }: Pick<Deployment, 'env' | 'namespace'>): INetworkPolicy[] {
	const endpoint = tracingOf(env)[tracing];
	if (!endpoint) return [];
	const { hostname } = new URL(endpoint);
	// A policy needs the Pod's port. The Service's port is the same if the collector uses OTLP's default, 4318.
	return [
		policy(metadata('tracing', 'tracing', 'namespace'), podsOf('function'), {
			egress: [{ to: [inNamespace(hostname.split('.')[1] ?? namespace, {})], ports: [{ port: portOf(endpoint) }] }],
		}),
	];
}

/** Returns the policy for a function's egress: its database, the Broker, functions it calls, the internet. */
export function functionPolicy(declaration: Declaration, deployment: Deployment): INetworkPolicy[] {
	const { name, role, calls, data, internet } = declaration;
	const egress: INetworkPolicyEgressRule[] = [];
	if (data) egress.push(toDatabase(deployment), ...toPooler(deployment));
	if (variablesOf(declaration).includes('K_SINK')) egress.push(toBroker(deployment));
	if (Object.keys(calls).length || role === 'gateway') egress.push(toGateway);
	if (internet) egress.push(toInternet);
	if (role === 'observer') egress.push({ to: [podsOf('function')], ports: [{ port: port.function }] }, kubernetesApi);
	return egress.length ? [policy(metadata(name, name, 'function'), podsOf('function', [name]), { egress })] : [];
}
