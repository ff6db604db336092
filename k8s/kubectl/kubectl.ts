import type { KubernetesObject } from '../manifests/object.ts';
import { Failure } from './failure.ts';
import { type Ran, run } from './run.ts';

/** What is read of an object that the cluster keeps. */
export interface LiveObject {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata: {
		readonly name: string;
		readonly namespace?: string;
		readonly generation?: number;
		readonly labels?: Readonly<Record<string, string>>;
		readonly annotations?: Readonly<Record<string, string>>;
		readonly ownerReferences?: readonly unknown[];
		readonly deletionTimestamp?: string;
	};
	readonly status?: LiveStatus;
}

export interface LiveStatus {
	readonly observedGeneration?: number;
	readonly conditions?: readonly Condition[];
	readonly url?: string;
	readonly address?: { readonly url?: string };
	readonly replicas?: number;
	readonly readyReplicas?: number;
	readonly updateRevision?: string;
	readonly currentRevision?: string;
}

export interface Condition {
	readonly type: string;
	readonly status: string;
	readonly reason?: string;
	readonly message?: string;
}

/** The cluster that kubectl's current context leads to, and one namespace of it. */
export class Kubectl {
	readonly namespace: string;

	constructor(namespace: string) {
		this.namespace = namespace;
	}

	/** Runs kubectl. @throws {Failure} with what it said, unless it succeeds */
	async run(args: readonly string[], input?: string): Promise<string> {
		const ran = await this.attempt(args, input);
		if (ran.code === 0) return ran.stdout;
		throw new Failure('unknown', `kubectl ${args.join(' ')} failed:\n${ran.stderr.trim()}`);
	}

	/** Runs kubectl, and leaves it to the caller what its failure means. */
	attempt(args: readonly string[], input?: string): Promise<Ran> {
		return run('kubectl', args, input);
	}

	/** The name of the current context, or nothing where none is chosen. */
	async context(): Promise<string> {
		return (await this.attempt(['config', 'current-context'])).stdout.trim();
	}

	/** Reads objects of the namespace: `list('pods', '-l', 'app=x')`. Those that are not there are left out. */
	async list<T = LiveObject>(kinds: string, ...args: readonly string[]): Promise<T[]> {
		const all = ['get', kinds, '-n', this.namespace, '--ignore-not-found', '-o', 'json', ...args];
		return itemsOf<T>(await this.run(all));
	}

	/** Reads objects of the cluster, or of another namespace. */
	async read<T>(...args: readonly string[]): Promise<T[]> {
		return itemsOf<T>(await this.run(['get', ...args, '--ignore-not-found', '-o', 'json']));
	}

	/** Reads objects as the cluster has them. Those that are not there are left out. */
	async get(objects: readonly KubernetesObject[]): Promise<LiveObject[]> {
		const args = ['get', '-n', this.namespace, '--ignore-not-found', '-o', 'json', '-f', '-'];
		return itemsOf<LiveObject>(await this.run(args, listOf(objects)));
	}

	/**
	 * Applies objects on the server's side, which merges by who wrote which field and refuses unknown ones.
	 * @returns the objects as the cluster has them now, or would have them after a dry run, in the same order
	 * @throws {Failure} with what the server said of each
	 */
	async apply(objects: readonly KubernetesObject[], { dryRun = false } = {}): Promise<LiveObject[]> {
		const args = [
			'apply',
			'--server-side',
			'--field-manager=bodega',
			'--force-conflicts',
			...(dryRun ? ['--dry-run=server'] : []),
			'-n',
			this.namespace,
			'-o',
			'json',
			'-f',
			'-',
		];
		const { code, stdout, stderr } = await this.attempt(args, listOf(objects));
		if (code !== 0) throw new Failure('unknown', `The cluster refused what was to be applied:\n${shorten(stderr)}`);
		return itemsOf<LiveObject>(stdout);
	}
}

const listOf = (objects: readonly KubernetesObject[]): string =>
	JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });

/** The API server may quote a whole object in the middle of what it says. */
const shorten = (text: string): string =>
	text
		.trim()
		.split('\n')
		.map((line) => (line.length > 600 ? `${line.slice(0, 200)} … ${line.slice(-200)}` : line))
		.join('\n');

function itemsOf<T>(text: string): T[] {
	if (!text.trim()) return [];
	const read = JSON.parse(text) as { items?: T[] };
	return read.items ?? [read as T];
}
