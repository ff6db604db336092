import type {
	INetworkPolicy,
	INetworkPolicyEgressRule,
	INetworkPolicyIngressRule,
	INetworkPolicyPeer,
} from 'kubernetes-models/networking.k8s.io/v1';
import { tracing, tracingOf, variablesOf } from '../../kit/declare/config.ts';
import { type Declaration, withRole } from '../../kit/declare/declare.ts';
import { database } from './database/database.ts';
import { type Component, metadata } from './object.ts';
import { choicesOf, type Place } from './place.ts';

/** Pods of this deployment, by what they are, and by the function they belong to. */
export const podsOf = (component: Component, names?: readonly string[]) => ({
	podSelector: {
		matchLabels: { 'app.kubernetes.io/component': component },
		...(names ? { matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: [...names] }] } : {}),
	},
});

type Rules = { ingress?: INetworkPolicyIngressRule[]; egress?: INetworkPolicyEgressRule[] };

/** Allows some pods what the rules say; what no policy of the namespace allows is refused. */
const policyOf = (
	meta: INetworkPolicy['metadata'] & object,
	podSelector: NonNullable<INetworkPolicyPeer['podSelector']>,
	policyTypes: ('Ingress' | 'Egress')[],
	rules: Rules,
): INetworkPolicy => ({
	apiVersion: 'networking.k8s.io/v1',
	kind: 'NetworkPolicy',
	metadata: meta,
	spec: { podSelector, policyTypes, ...rules },
});

/** Allows some pods what the rules say. */
export const policy = (
	meta: INetworkPolicy['metadata'] & object,
	{ podSelector }: { podSelector: NonNullable<INetworkPolicyPeer['podSelector']> },
	rules: Rules,
): INetworkPolicy =>
	policyOf(
		meta,
		podSelector,
		[...(rules.ingress ? ['Ingress' as const] : []), ...(rules.egress ? ['Egress' as const] : [])],
		rules,
	);

export const inNamespace = (name: string, pods: object): INetworkPolicyPeer => ({
	namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
	podSelector: pods,
});

/** Kourier's Envoy, where its own release puts it and where the Knative Operator does. */
const kourier: INetworkPolicyPeer[] = ['kourier-system', 'knative-serving'].map((namespace) =>
	inNamespace(namespace, { matchLabels: { app: '3scale-kourier-gateway' } }),
);
const serving = (app: string): INetworkPolicyPeer => inNamespace('knative-serving', { matchLabels: { app } });

/** The ports of pods, which policies speak of, not those of Services. */
const port = {
	/** The queue-proxy's, which every request comes in by, and the autoscaler's measurements. */
	queue: 8012,
	queueMetrics: 9090,
	/** The function's own, past the queue-proxy. */
	function: 8080,
	/** Kourier's listener for cluster-local names. */
	internalGateway: 8081,
	brokerIngress: 8080,
};

/** To look names up. Without `to`: the resolver may be the node's, which no selector names (NodeLocal DNSCache). */
export const dns: INetworkPolicyEgressRule = {
	ports: [
		{ port: 53, protocol: 'UDP' },
		{ port: 53, protocol: 'TCP' },
	],
};
/** Of a database that is elsewhere only the port is known: its name may lead to any address. */
export const toDatabase = (place: Place): INetworkPolicyEgressRule =>
	choicesOf(place).database === 'external'
		? { ports: [{ port: place.databasePort ?? database.port }] }
		: { to: [podsOf('database')], ports: [{ port: database.port }] };

/** Those that connect to the database. */
export const databaseClients = (functions: readonly Declaration[]): INetworkPolicyPeer[] => [
	podsOf(
		'function',
		functions.filter(({ data }) => data).map(({ name }) => name),
	),
	podsOf('migration'),
	podsOf('backup'),
];

/** By this label the pods of Brokers are known, but for Kafka's. */
export const brokerRole = 'eventing.knative.dev/brokerRole';

/** To where the Broker takes events in, which depends on its class. */
function toBroker(place: Place): INetworkPolicyEgressRule {
	const { broker } = choicesOf(place);
	const ingress = { matchLabels: { [brokerRole]: 'ingress' } };
	const receiver = { matchLabels: { app: 'kafka-broker-receiver' } };
	const here = { podSelector: ingress };
	const there = inNamespace('knative-eventing', broker === 'kafka' ? receiver : ingress);
	return { to: [broker.startsWith('rabbitmq') ? here : there], ports: [{ port: port.brokerIngress }] };
}

/** To the Services with cluster-local names. */
export const toGateway: INetworkPolicyEgressRule = { to: kourier, ports: [{ port: port.internalGateway }] };

/** The Kubernetes API is no pod, and its address differs from cluster to cluster; these are the usual ports of it. */
export const kubernetesApi: INetworkPolicyEgressRule = { ports: [443, 6443, 8443].map((number) => ({ port: number })) };

/**
 * Public addresses alone. The cluster's own pods and Services, its nodes and the cloud's metadata have addresses of these
 * ranges (RFC 1918, RFC 6598, RFC 3927).
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

/** What holds for the whole namespace: nothing but what follows, and what every function and the migration Job need. */
export const commonPolicies = (functions: readonly Declaration[], place: Place): INetworkPolicy[] => [
	policyOf(metadata('default-deny', 'default-deny', 'namespace'), {}, ['Ingress', 'Egress'], {}),
	policy(metadata('functions', 'functions', 'namespace'), podsOf('function'), {
		ingress: [
			{ from: [serving('activator'), ...kourier], ports: [{ port: port.queue }] },
			{ from: [serving('autoscaler')], ports: [{ port: port.queueMetrics }] },
			{ from: [podsOf('function', [withRole('observer', functions).name])], ports: [{ port: port.function }] },
		],
		egress: [dns],
	}),
	policy(metadata('migrate', 'migrate', 'migration'), podsOf('migration'), { egress: [dns, toDatabase(place)] }),
];

/** Where the functions' traces are sent, if they are: a collector in the cluster, by its Service's name. */
export function tracingPolicy({ env = {}, namespace }: Pick<Place, 'env' | 'namespace'>): INetworkPolicy[] {
	const endpoint = tracingOf(env)[tracing];
	if (!endpoint) return [];
	const { hostname, port: given, protocol } = new URL(endpoint);
	// The port is the pod's, which is the Service's where a collector keeps to OTLP's own, 4318.
	const number = Number(given || (protocol === 'https:' ? 443 : 80));
	return [
		policy(metadata('tracing', 'tracing', 'namespace'), podsOf('function'), {
			egress: [{ to: [inNamespace(hostname.split('.')[1] ?? namespace, {})], ports: [{ port: number }] }],
		}),
	];
}

/** What one function may reach: its database, the Broker it publishes to, the gateway of those it calls, the internet. */
export function functionPolicy(declaration: Declaration, place: Place): INetworkPolicy[] {
	const { name, role, calls, data, internet } = declaration;
	const egress: INetworkPolicyEgressRule[] = [];
	if (data) egress.push(toDatabase(place));
	if (variablesOf(declaration).includes('K_SINK')) egress.push(toBroker(place));
	if (Object.keys(calls).length || role === 'gateway') egress.push(toGateway);
	if (internet) egress.push(toInternet);
	if (role === 'observer') egress.push({ to: [podsOf('function')], ports: [{ port: port.function }] }, kubernetesApi);
	return egress.length ? [policy(metadata(name, name, 'function'), podsOf('function', [name]), { egress })] : [];
}
