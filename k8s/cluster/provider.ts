import { shop } from '../../shop.ts';
import { type Command, run } from '../kubectl/run.ts';
import versions from './knative-versions.json' with { type: 'json' };

/** A kind of cluster that can be created on this machine. */
export type ProviderName = 'minikube' | 'kind' | 'k3s';

/** The commands for the shop's own cluster on one provider. No other cluster is ever started, stopped or deleted. */
interface Provider {
	readonly name: ProviderName;
	readonly context: string;
	readonly exists: Command;
	readonly create: Command;
	/** Does nothing if the cluster is running. */
	readonly start: Command;
	/** Keeps the data. */
	readonly stop: Command;
	readonly remove: Command;
}

const cluster = shop.name;

const all: Readonly<Record<ProviderName, Provider>> = {
	minikube: {
		name: 'minikube',
		context: cluster,
		exists: ['minikube', 'status', '-p', cluster, '--format', '{{.Name}}'],
		// Enough for Knative, Postgres and all functions running at the same time.
		create: [
			'minikube',
			'start',
			'-p',
			cluster,
			`--kubernetes-version=${versions.kubernetes}`,
			'--cpus=4',
			'--memory=6g',
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
	// k3d runs K3s in Docker. Without k3d, K3s takes a whole machine; the Vagrantfile does that.
	k3s: {
		name: 'k3s',
		context: `k3d-${cluster}`,
		exists: ['k3d', 'cluster', 'get', cluster],
		// Traefik would occupy the ports that Knative's ingress needs.
		create: ['k3d', 'cluster', 'create', cluster, '--k3s-arg', '--disable=traefik@server:*', '--wait'],
		start: ['k3d', 'cluster', 'start', cluster],
		stop: ['k3d', 'cluster', 'stop', cluster],
		remove: ['k3d', 'cluster', 'delete', cluster],
	},
};

export const providerOf = (name: ProviderName): Provider => all[name];

/** Returns the provider of a kubectl context, or nothing if `bodega create` did not create that cluster. */
export const providerOfContext = (context: string): Provider | undefined =>
	Object.values(all).find((provider) => provider.context === context);

/** Returns whether the cluster exists, running or not. @throws {Failure} when the provider's program is missing */
export const exists = async ({ exists: [program, ...args] }: Provider): Promise<boolean> => {
	const { code, stdout } = await run(program, args);
	// Minikube's exit code is the cluster's state; 85 means that there is no cluster.
	return program === 'minikube' ? code !== 85 && stdout.trim() !== '' : code === 0;
};
