import type { INode } from 'kubernetes-models/v1';
import type { Kubectl, LiveObject } from '../kubectl/kubectl.ts';
import type { Command } from '../kubectl/run.ts';
import versions from './knative-versions.json' with { type: 'json' };

interface Part {
	readonly name: string;
	/** Its Deployments, as `namespace/name`. The part is installed if all of them exist. */
	readonly deployments: readonly string[];
	/** The commands that install it, in order (knative.dev/docs/install/yaml-install). */
	readonly commands: readonly Command[];
}

const release = (project: string, version: string, files: readonly string[]): Command[] =>
	files.flatMap((file): Command[] => {
		const manifest = `https://github.com/${project}/releases/download/knative-v${version}/${file}.yaml`;
		return [
			['kubectl', 'apply', '--server-side', '--force-conflicts', '-f', manifest],
			// The API server needs a moment to serve a new kind.
			['kubectl', 'wait', '--for=condition=Established', '--all', 'crd', '--timeout=60s'],
		];
	});

function ready(namespace: string): Command {
	return ['kubectl', 'wait', '--for=condition=Available', '--all', 'deployment', '--timeout=300s', '-n', namespace];
}

const of = (namespace: string, ...names: string[]): string[] => names.map((name) => `${namespace}/${name}`);

const kourierAsIngress = JSON.stringify({ data: { 'ingress-class': 'kourier.ingress.networking.knative.dev' } });

/** All parts of Knative, each after the parts it depends on. */
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

/** The namespaces of other ingresses for Knative. If one is installed, Kourier is not. */
const otherIngresses = ['contour-external', 'istio-system'];

/**
 * Returns the parts that the cluster lacks, including those whose installation was interrupted. An installed part is
 * left alone, in any version, because others on the cluster may use it.
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

export async function knativeConfig(kubectl: Kubectl, name: string): Promise<Readonly<Record<string, string>>> {
	const [config] = await kubectl.read<{ data?: Record<string, string> }>('configmap', name, '-n', 'knative-serving');
	return config?.data ?? {};
}

/**
 * Returns the command that gives Knative a domain, or none if it has one. Without a domain its routes are
 * cluster-local. The domain is the node's address under sslip.io, which resolves every name that ends in an address to
 * that address.
 */
export async function domain(kubectl: Kubectl): Promise<Command[]> {
	const config = await knativeConfig(kubectl, 'config-domain');
	if (Object.keys(config).some((key) => key !== '_example')) return [];
	const [node] = await kubectl.read<INode>('nodes');
	const address = node?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
	if (!address) return [];
	const patch = JSON.stringify({ data: { [`${address}.sslip.io`]: '' } });
	return [['kubectl', 'patch', 'configmap/config-domain', '-n', 'knative-serving', '--type=merge', '-p', patch]];
}
