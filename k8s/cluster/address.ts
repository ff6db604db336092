import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { shop } from '../../shop.ts';
import { Failure } from '../kubectl/failure.ts';
import { Kubectl, type LiveObject } from '../kubectl/kubectl.ts';

/** Where the cluster's functions answer from here. */
export interface Address {
	/** The ingress: `http://192.168.49.2:31080`. */
	readonly url: string;
	/** The public host of a Knative Service, which the ingress tells Services apart by. */
	host(service: string): string;
	/** The public URL of a Knative Service, for where its name resolves. */
	urlOf(service: string): string;
	/** Ends what was started for it. */
	close(): Promise<void>;
}

interface Service extends Omit<LiveObject, 'status'> {
	readonly spec: {
		readonly ports?: readonly { readonly port: number; readonly nodePort?: number }[];
		readonly externalIPs?: readonly string[];
	};
	readonly status: {
		readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] };
	};
}

interface Node {
	readonly status: { readonly addresses?: readonly { readonly type: string; readonly address: string }[] };
}

/** The Services of the ingresses that Knative is installed with, by the class that `config-network` names. */
const services: Readonly<Record<string, string>> = {
	'kourier.ingress.networking.knative.dev': 'kourier',
	'contour.ingress.networking.knative.dev': 'envoy',
	'istio.ingress.networking.knative.dev': 'istio-ingressgateway',
};

/**
 * Finds where the cluster's ingress can be reached from here: its load balancer's address, an external one, a node's port,
 * or else a `kubectl port-forward`, which lasts until `close`.
 * @throws {Failure} when there is no ingress
 */
export async function findAddress({ namespace = shop.namespace }: { namespace?: string } = {}): Promise<Address> {
	const kubectl = new Kubectl(namespace);
	const [service, functions] = await Promise.all([
		ingressService(kubectl),
		kubectl.list('services.serving.knative.dev'),
	]);
	const urls = new Map(functions.map(({ metadata, status }) => [metadata.name, status?.url ?? '']));
	const urlOf = (name: string): string => {
		const url = urls.get(name);
		if (!url)
			throw new Failure('notReady', `The Knative Service "${name}" has no URL; is it deployed? bodega status tells.`);
		return url;
	};
	const host = (name: string): string => new URL(urlOf(name)).host;
	for (const { address, port } of await candidates(kubectl, service))
		if (await answers(address, port))
			return { url: `http://${bracket(address)}${port === 80 ? '' : `:${port}`}`, host, urlOf, close: async () => {} };
	const { url, child } = await forward(service);
	return { url, host, urlOf, close: () => end(child) };
}

async function ingressService(kubectl: Kubectl): Promise<Service> {
	const [config] = await kubectl.read<{ data?: Record<string, string> }>(
		'configmap',
		'config-network',
		'-n',
		'knative-serving',
	);
	const ingressClass =
		config?.data?.['ingress-class'] ?? config?.data?.['ingress.class'] ?? 'istio.ingress.networking.knative.dev';
	const name = services[ingressClass];
	const found = (await kubectl.read<Service>('services', '-A')).filter(({ metadata }) => metadata.name === name);
	// Contour has two, of which one is for the cluster only.
	const service = found.find(({ metadata }) => !metadata.namespace?.endsWith('internal'));
	if (service) return service;
	throw new Failure(
		'environment',
		`Knative's ingress "${ingressClass}" has no Service that is known here. Is it installed? kubectl get services -A`,
	);
}

async function candidates(kubectl: Kubectl, { spec, status }: Service): Promise<{ address: string; port: number }[]> {
	const balanced = (status.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
	const given = [...balanced, ...(spec.externalIPs ?? [])].map((address) => ({ address, port: 80 }));
	const port = spec.ports?.find((each) => each.port === 80)?.nodePort;
	if (!port) return given;
	const nodes = await kubectl.read<Node>('nodes');
	const addresses = nodes.flatMap((node) => node.status.addresses ?? []).filter(({ type }) => type.endsWith('IP'));
	return [...given, ...addresses.map(({ address }) => ({ address, port }))];
}

/** Whether something takes connections there, within a second and a half. */
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

const bracket = (address: string): string => (address.includes(':') ? `[${address}]` : address);

function forward({ metadata }: Service): Promise<{ url: string; child: ChildProcess }> {
	const args = ['port-forward', '-n', metadata.namespace ?? '', `service/${metadata.name}`, ':80'];
	// A process group of its own: with Ctrl-C in the terminal there may be something to put in order over there first.
	const child = spawn('kubectl', args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
	process.once('exit', () => child.kill());
	return new Promise((resolve, reject) => {
		let said = '';
		child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
		child.stdout.setEncoding('utf8').on('data', (text: string) => {
			const port = /^Forwarding from 127\.0\.0\.1:(\d+)/m.exec(text)?.[1];
			if (port) resolve({ url: `http://127.0.0.1:${port}`, child });
		});
		child.once('error', reject);
		child.once('exit', () => reject(new Failure('environment', `kubectl ${args.join(' ')} ended: ${said.trim()}`)));
	});
}

function end(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
	return new Promise((resolve) => {
		child.once('exit', () => resolve());
		child.kill();
	});
}
