import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import type { INode, IService } from 'kubernetes-models/v1';
import { inUrl } from '../../kit/net/host.ts';
import { guard } from '../../kit/process/guard.ts';
import { Failure } from '../kubectl/failure.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import { step } from '../kubectl/progress.ts';
import { complaint } from '../kubectl/trouble.ts';
import { knativeConfig } from './knative.ts';

/** The address of the cluster's ingress, as this machine reaches it. */
interface Address {
	/** The URL of the ingress: `http://192.168.49.2:31080`. */
	readonly url: string;
	/** Returns the public host of a Knative Service; the ingress routes requests by it. */
	host(service: string): string;
	/** Returns the public URL of a Knative Service. It works only where its host name resolves. */
	urlOf(service: string): string;
	close(): Promise<void>;
}

/** Milliseconds until kubectl forwards a port. */
const limit = 10_000;

/** The Service of each ingress that Knative supports, by the ingress class in `config-network`. */
const services: Readonly<Record<string, string>> = {
	'kourier.ingress.networking.knative.dev': 'kourier',
	'contour.ingress.networking.knative.dev': 'envoy',
	'istio.ingress.networking.knative.dev': 'istio-ingressgateway',
};

/**
 * Finds an address at which this machine reaches the cluster's ingress. Tries the load balancer's address, the external
 * IPs and the node ports. If none accepts a connection, starts a `kubectl port-forward`, which runs until `close`.
 * @throws {Failure} when the cluster has no ingress
 */
export const findAddress = (kubectl: Kubectl): Promise<Address> =>
	step('address of the ingress', () => find(kubectl), { quiet: true });

async function find(kubectl: Kubectl): Promise<Address> {
	const [service, functions] = await Promise.all([
		ingressService(kubectl),
		kubectl.list('services.serving.knative.dev'),
	]);
	const urls = new Map(functions.map(({ metadata, status }) => [metadata.name, status?.url ?? '']));
	const urlOf = (name: string): string => {
		const url = urls.get(name);
		if (!url)
			throw new Failure(
				'environment',
				`The Knative Service "${name}" is not deployed in the namespace ${kubectl.namespace}, or has no URL yet. See npx bodega status -n ${kubectl.namespace}`,
			);
		return url;
	};
	const host = (name: string): string => new URL(urlOf(name)).host;
	const found = await candidates(kubectl, service);
	const open = await Promise.all(found.map(({ address, port }) => answers(address, port)));
	const first = found.find((_, index) => open[index]);
	if (first) {
		const port = first.port === 80 ? '' : `:${first.port}`;
		return { url: `http://${inUrl(first.address)}${port}`, host, urlOf, close: async () => {} };
	}
	const { url, child } = await forward(service);
	return { url, host, urlOf, close: () => end(child) };
}

async function ingressService(kubectl: Kubectl): Promise<IService> {
	const data = await knativeConfig(kubectl, 'config-network');
	const ingressClass = data['ingress-class'] ?? data['ingress.class'] ?? 'istio.ingress.networking.knative.dev';
	const name = services[ingressClass];
	const found = (await kubectl.read<IService>('services', '-A')).filter(({ metadata }) => metadata?.name === name);
	// Contour has two Services of this name; the one in contour-internal serves cluster-local traffic only.
	const service = found.find(({ metadata }) => !metadata?.namespace?.endsWith('internal'));
	if (service) return service;
	throw new Failure(
		'environment',
		`Found no Service for Knative's ingress "${ingressClass}". Is it installed? Run kubectl get services -A`,
	);
}

async function candidates(kubectl: Kubectl, { spec, status }: IService): Promise<{ address: string; port: number }[]> {
	const balanced = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
	const given = [...balanced, ...(spec?.externalIPs ?? [])].map((address) => ({ address, port: 80 }));
	const port = spec?.ports?.find((each) => each.port === 80)?.nodePort;
	if (!port) return given;
	const nodes = await kubectl.read<INode>('nodes');
	const addresses = nodes.flatMap((node) => node.status?.addresses ?? []).filter(({ type }) => type.endsWith('IP'));
	return [...given, ...addresses.map(({ address }) => ({ address, port }))];
}

/** Returns whether the address accepts a TCP connection within 1.5 s. */
function answers(host: string, port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({ host, port, timeout: 1500 });
		const settle = (answer: boolean): void => {
			socket.destroy();
			resolve(answer);
		};
		socket.once('connect', () => settle(true));
		socket.once('timeout', () => settle(false));
		socket.once('error', () => settle(false));
	});
}

function forward({ metadata }: IService): Promise<{ url: string; child: ChildProcess }> {
	const args = ['port-forward', '-n', metadata?.namespace ?? '', `service/${metadata?.name}`, ':80'];
	// `detached` gives it its own process group, so Ctrl-C does not end it before this process has cleaned up on the
	// cluster.
	const child = guard(spawn('kubectl', args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true }));
	process.once('exit', () => child.kill());
	return new Promise((resolve, reject) => {
		let said = '';
		const failed = (): void =>
			reject(
				new Failure(
					'environment',
					`This machine does not reach the cluster's ingress, and kubectl ${args.join(' ')} failed: ${complaint(said) || `no answer within ${limit / 1000} s`}`,
				),
			);
		const timer = setTimeout(() => child.kill(), limit);
		child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
		child.stdout?.setEncoding('utf8').on('data', (text: string) => {
			const port = /^Forwarding from 127\.0\.0\.1:(\d+)/m.exec(text)?.[1];
			if (!port) return;
			clearTimeout(timer);
			resolve({ url: `http://127.0.0.1:${port}`, child });
		});
		child.once('error', reject);
		child.once('exit', failed);
	});
}

function end(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
	return new Promise((resolve) => {
		child.once('exit', () => resolve());
		child.kill();
	});
}
