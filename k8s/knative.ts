import versions from './knative-versions.json' with { type: 'json' };
import type { Kubectl, LiveObject } from './kubectl.ts';
import type { Command } from './run.ts';

/** A part of Knative, by the namespace that shows whether it is there. */
export interface Part {
	readonly name: string;
	readonly namespace: string;
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

const kourierAsIngress = JSON.stringify({ data: { 'ingress-class': 'kourier.ingress.networking.knative.dev' } });

/** All of it, in the order in which each part finds what it stands on. */
export const parts: readonly Part[] = [
	{
		name: `Knative Serving ${versions.serving}`,
		namespace: 'knative-serving',
		commands: [
			...release('knative/serving', versions.serving, ['serving-crds', 'serving-core']),
			ready('knative-serving'),
		],
	},
	{
		name: `Kourier ${versions.kourier}`,
		namespace: 'kourier-system',
		commands: [
			...release('knative-extensions/net-kourier', versions.kourier, ['kourier']),
			['kubectl', 'patch', 'configmap/config-network', '-n', 'knative-serving', '--type=merge', '-p', kourierAsIngress],
			ready('kourier-system'),
		],
	},
	{
		name: `Knative Eventing ${versions.eventing}`,
		namespace: 'knative-eventing',
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

/** Namespaces of the ingresses that Knative can have; one that is there stays the ingress. */
const ingresses = ['kourier-system', 'contour-external', 'istio-system'];

/** The parts that a cluster lacks. One that is there is left as it is, in whatever version: it may be somebody else's too. */
export async function lacking(kubectl: Kubectl): Promise<readonly Part[]> {
	const namespaces = await kubectl.read<LiveObject>('namespaces');
	const there = new Set(namespaces.map(({ metadata }) => metadata.name));
	const hasIngress = there.has('knative-serving') && ingresses.some((namespace) => there.has(namespace));
	return parts.filter(({ namespace }) => (namespace === 'kourier-system' ? !hasIngress : !there.has(namespace)));
}
