import { shop } from '../../shop.ts';
import { type Command, run } from '../kubectl/run.ts';
import versions from './knative-versions.json' with { type: 'json' };

/** What makes clusters on this machine, each by the program that is known for it. */
export const providers = ['minikube', 'kind', 'k3s'] as const;
export type ProviderName = (typeof providers)[number];

/** The cluster of the shop's own that a provider makes: only it is ever started, stopped or deleted here. */
export interface Provider {
	readonly name: ProviderName;
	/** What kubectl calls it. */
	readonly context: string;
	readonly exists: Command;
	readonly create: Command;
	/** Starting one that runs does nothing. */
	readonly start: Command;
	/** The data stay. */
	readonly stop: Command;
	readonly remove: Command;
}

const cluster = shop.name;

/** Room for Knative, Postgres and every function at once. */
const size = { cpus: 4, memory: '6g' };

const all: Readonly<Record<ProviderName, Provider>> = {
	minikube: {
		name: 'minikube',
		context: cluster,
		exists: ['minikube', 'status', '-p', cluster, '--format', '{{.Name}}'],
		create: [
			'minikube',
			'start',
			'-p',
			cluster,
			`--kubernetes-version=${versions.kubernetes}`,
			`--cpus=${size.cpus}`,
			`--memory=${size.memory}`,
		],
		start: ['minikube', 'start', '-p', cluster],
		stop: ['minikube', 'stop', '-p', cluster],
		remove: ['minikube', 'delete', '-p', cluster],
	},
	kind: {
		name: 'kind',
		context: `kind-${cluster}`,
		exists: ['docker', 'inspect', `${cluster}-control-plane`],
		create: ['kind', 'create', 'cluster', '--name', cluster, '--wait', '300s'],
		start: ['docker', 'start', `${cluster}-control-plane`],
		stop: ['docker', 'stop', `${cluster}-control-plane`],
		remove: ['kind', 'delete', 'cluster', '--name', cluster],
	},
	// In Docker, by k3d: K3s itself takes a whole machine, which is what the Vagrantfile is for.
	k3s: {
		name: 'k3s',
		context: `k3d-${cluster}`,
		exists: ['k3d', 'cluster', 'get', cluster],
		// Traefik would take the ports that Knative's ingress wants.
		create: ['k3d', 'cluster', 'create', cluster, '--k3s-arg', '--disable=traefik@server:*', '--wait'],
		start: ['k3d', 'cluster', 'start', cluster],
		stop: ['k3d', 'cluster', 'stop', cluster],
		remove: ['k3d', 'cluster', 'delete', cluster],
	},
};

export const providerOf = (name: ProviderName): Provider => all[name];

/** The provider of kubectl's current context, if that is a cluster of ours. */
export const providerOfContext = (context: string): Provider | undefined =>
	Object.values(all).find((provider) => provider.context === context);

/** Whether a cluster of ours is there, running or not. @throws {Failure} when there is no such program */
export const exists = async ({ exists: [program, ...args] }: Provider): Promise<boolean> => {
	const { code, stdout } = await run(program, args);
	// Minikube's exit code tells how the cluster is, and 85 that there is none.
	return program === 'minikube' ? code !== 85 && stdout.trim() !== '' : code === 0;
};
