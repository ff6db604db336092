import type { INode } from 'kubernetes-models/v1';
import { Failure } from '../kubectl/failure.ts';
import type { Kubectl, LiveStatus } from '../kubectl/kubectl.ts';
import { type Command, type Ran, run, runInto } from '../kubectl/run.ts';

interface Way {
	/** Given or detected: `kind`. */
	readonly name: string;
	readonly registry?: string;
	/** Returns the images that the cluster lacks. Can include images that it has but does not list. */
	readonly missing: (images: readonly string[]) => Promise<string[]>;
	readonly bring: (images: readonly string[]) => Promise<void>;
}

export const ways = 'minikube | kind | k3s | k3d | docker | containerd | push:REGISTRY | exec:COMMAND';

interface Runs {
	readonly spec: {
		readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
	};
	readonly status?: LiveStatus;
}

/** Returns the given way, or else the one that fits the cluster. @throws {Failure} that lists the ways */
export async function wayFor(kubectl: Kubectl, asked?: string): Promise<Way> {
	const context = await kubectl.context();
	const nodes = await kubectl.read<INode>('nodes');
	const [name, argument] = split(asked ?? (await findWay(kubectl, context, nodes)));
	const missing = async (images: readonly string[]): Promise<string[]> => {
		const unseen = images.filter((image) => !onAll(nodes, image));
		if (!unseen.length || !nodes.some(listsNoMore)) return unseen;
		const running = await inUse(kubectl);
		return unseen.filter((image) => !running.has(image));
	};
	switch (name) {
		case 'minikube':
			return { name, missing, bring: eachImage((image) => run('minikube', ['-p', context, 'image', 'load', image])) };
		case 'kind':
			return {
				name,
				missing,
				bring: all((images) =>
					run('kind', ['load', 'docker-image', '--name', context.replace(/^kind-/, ''), ...images]),
				),
			};
		case 'k3d':
			return {
				name,
				missing,
				bring: all((images) => run('k3d', ['image', 'import', '--cluster', context.replace(/^k3d-/, ''), ...images])),
			};
		case 'k3s':
			return { name, missing, bring: all((images) => importInto(images, asRoot('k3s', 'ctr'))) };
		case 'containerd':
			return { name, missing, bring: all((images) => importInto(images, asRoot('ctr', '-n', 'k8s.io'))) };
		case 'docker': // The cluster uses the same Docker that builds the images.
			return { name, missing: async (images) => [...images], bring: async () => {} };
		case 'exec':
			if (!argument) break;
			return { name, missing, bring: all((images) => run('sh', ['-c', `${argument} "$@"`, 'exec', ...images])) };
		case 'push':
			if (!argument) break;
			return {
				name,
				registry: argument,
				missing: notInRegistry,
				bring: eachImage((image) => run('docker', ['push', image])),
			};
	}
	throw new Failure('usage', `--images ${asked}: expected one of ${ways}`);
}

function split(way: string): [name: string, argument: string] {
	const colon = way.indexOf(':');
	return colon < 0 ? [way, ''] : [way.slice(0, colon), way.slice(colon + 1)];
}

async function findWay(kubectl: Kubectl, context: string, nodes: readonly INode[]): Promise<string> {
	if (nodes.some(({ metadata }) => metadata?.labels?.['minikube.k8s.io/name'])) return 'minikube';
	if (nodes.some(({ spec }) => spec?.providerID?.startsWith('kind://'))) return 'kind';
	if (context.startsWith('k3d-')) return 'k3d';
	if (nodes.some(({ status }) => status?.nodeInfo?.kubeletVersion.includes('+k3s'))) return 'k3s';
	if (['docker-desktop', 'orbstack', 'rancher-desktop'].includes(context)) return 'docker';
	const server = 'jsonpath={.clusters[0].cluster.server}';
	const { stdout } = await kubectl.attempt(['config', 'view', '--minify', '-o', server]);
	throw new Failure(
		'usage',
		`Cannot detect how to load images into the cluster at ${stdout || 'kubectl’s context'}. Set --images to one of: ${ways}\n` +
			'For a remote cluster use push:REGISTRY, with a registry that you can push to and the cluster can pull from.',
	);
}

/** The kubelet lists only the 50 largest images (`nodeStatusMaxImages`), so after many deployments not all of ours. */
const listsNoMore = ({ status }: INode): boolean => (status?.images?.length ?? 0) >= 50;

/** Returns the images of the shop's ready Services and completed Jobs. The cluster must have these. */
async function inUse(kubectl: Kubectl): Promise<ReadonlySet<string>> {
	const live = await kubectl.list<Runs>('services.serving.knative.dev,jobs');
	return new Set(
		live
			.filter(({ status }) =>
				status?.conditions?.some(({ type, status }) => (type === 'Ready' || type === 'Complete') && status === 'True'),
			)
			.flatMap(({ spec }) => spec.template.spec.containers.map(({ image }) => image)),
	);
}

const onAll = (nodes: readonly INode[], image: string): boolean =>
	nodes.length > 0 && nodes.every(({ status }) => status?.images?.some(({ names }) => names?.includes(image)));

async function notInRegistry(images: readonly string[]): Promise<string[]> {
	const found = await Promise.all(
		images.map(async (image) => (await run('docker', ['manifest', 'inspect', image])).code === 0),
	);
	return images.filter((_, index) => !found[index]);
}

/** Prefixes a command with sudo unless we are root, because only root can use containerd's socket. */
const asRoot = (...command: Command): Command => (process.getuid?.() === 0 ? command : ['sudo', ...command]);

const importInto = (images: readonly string[], ctr: Command): Promise<Ran> =>
	runInto(['docker', 'save', ...images], [...ctr, 'images', 'import', '-']);

const all =
	(load: (images: readonly string[]) => Promise<Ran>) =>
	async (images: readonly string[]): Promise<void> =>
		check(images.join(' '), await load(images));

const eachImage =
	(load: (image: string) => Promise<Ran>) =>
	async (images: readonly string[]): Promise<void> => {
		for (const image of images) check(image, await load(image));
	};

function check(images: string, { code, stdout, stderr }: Ran): void {
	if (code !== 0) throw new Failure('images', `Could not bring ${images} to the cluster:\n${(stdout + stderr).trim()}`);
}
