import type { Kubectl, LiveObject } from '../kubectl/kubectl.ts';
import type { Command } from '../kubectl/run.ts';
import versions from './knative-versions.json' with { type: 'json' };

/** A part of Knative. */
export interface Part {
	readonly name: string;
	/** The deployments that it is of, as `namespace/name`: when all are there, it is. */
	readonly deployments: readonly string[];
	/** What installs it, in this order (knative.dev/docs/install/yaml-install). */
	readonly commands: readonly Command[];
}

const release = (project: string, version: string, files: readonly string[]): Command[] =>
	files.flatMap((file): Command[] => [
		[
			'kubectl',
			'apply',
			'--server-side',
			'--force-conflicts',
			'-f',
			`https://github.com/${project}/releases/download/knative-v${version}/${file}.yaml`,
		],
		// A kind that was made just now is not known at once.
		['kubectl', 'wait', '--for=condition=Established', '--all', 'crd', '--timeout=60s'],
	]);

const ready = (namespace: string): Command => [
	'kubectl',
	'wait',
	'--for=condition=Available',
	'--all',
	'deployment',
	'--timeout=300s',
	'-n',
	namespace,
];

const of = (namespace: string, ...names: string[]): string[] => names.map((name) => `${namespace}/${name}`);

const kourierAsIngress = JSON.stringify({ data: { 'ingress-class': 'kourier.ingress.networking.knative.dev' } });

/** All of it, in the order in which each part finds what it stands on. */
export const parts: readonly Part[] = [
	{
		name: `Knative Serving ${versions.serving}`,
		deployments: of('knative-serving', 'activator', 'autoscaler', 'controller', 'webhook'),
		commands: [
			...release('knative/serving', versions.serving, ['serving-crds', 'serving-core']),
			ready('knative-serving'),
		],
	},
	{
		name: `Kourier ${versions.kourier}`,
		deployments: ['knative-serving/net-kourier-controller', 'kourier-system/3scale-kourier-gateway'],
		commands: [
			...release('knative-extensions/net-kourier', versions.kourier, ['kourier']),
			['kubectl', 'patch', 'configmap/config-network', '-n', 'knative-serving', '--type=merge', '-p', kourierAsIngress],
			ready('kourier-system'),
		],
	},
	{
		name: `Knative Eventing ${versions.eventing}`,
		deployments: of(
			'knative-eventing',
			'eventing-controller',
			'eventing-webhook',
			'imc-controller',
			'imc-dispatcher',
			'mt-broker-controller',
			'mt-broker-filter',
			'mt-broker-ingress',
		),
		commands: [
			...release('knative/eventing', versions.eventing, [
				'eventing-crds',
				'eventing-core',
				'in-memory-channel',
				'mt-channel-broker',
			]),
			ready('knative-eventing'),
		],
	},
];

/** Other ingresses that Knative can have; one that is there stays the ingress. */
const otherIngresses = ['contour-external', 'istio-system'];

/**
 * The parts that a cluster lacks, also those whose installation was interrupted. One that is there is left as it is, in whatever
 * version: it may be somebody else's too.
 */
export async function lacking(kubectl: Kubectl): Promise<readonly Part[]> {
	const found = (await kubectl.read<LiveObject>('deployments', '-A')).map(({ metadata }) => metadata);
	const there = new Set(found.map(({ namespace, name }) => `${namespace}/${name}`));
	const hasOther = found.some(({ namespace = '' }) => otherIngresses.includes(namespace));
	return parts.filter(
		({ name, deployments }) =>
			!(hasOther && name.startsWith('Kourier')) && deployments.some((deployment) => !there.has(deployment)),
	);
}

interface Node {
	readonly status: { readonly addresses?: readonly { readonly type: string; readonly address: string }[] };
}

/**
 * What gives Knative a domain where it has none: without, its routes are for the cluster alone. By the node's address, which
 * sslip.io answers with for any name that ends in it. Nothing when there is a domain.
 */
export async function domain(kubectl: Kubectl): Promise<Command[]> {
	const read = <T>(...args: string[]): Promise<T[]> => kubectl.read<T>(...args);
	const [config] = await read<{ data?: Record<string, string> }>('configmap', 'config-domain', '-n', 'knative-serving');
	if (Object.keys(config?.data ?? {}).some((key) => key !== '_example')) return [];
	const [node] = await read<Node>('nodes');
	const address = node?.status.addresses?.find(({ type }) => type === 'InternalIP')?.address;
	if (!address) return [];
	const patch = JSON.stringify({ data: { [`${address}.sslip.io`]: '' } });
	return [['kubectl', 'patch', 'configmap/config-domain', '-n', 'knative-serving', '--type=merge', '-p', patch]];
}
