import type { KubernetesObject } from '../manifests/object.ts';
import { Failure } from './failure.ts';
import { type Ran, type RunOptions, run } from './run.ts';
import { complaint, troubleOf } from './trouble.ts';

/** The fields we read of an object on the cluster. */
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
	readonly conditions?: readonly {
		readonly type: string;
		readonly status: string;
		readonly reason?: string;
		readonly message?: string;
	}[];
	readonly containerStatuses?: readonly {
		readonly name: string;
		readonly restartCount: number;
		readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
	}[];
	readonly url?: string;
	readonly address?: { readonly url?: string };
	readonly replicas?: number;
	readonly readyReplicas?: number;
	readonly updateRevision?: string;
	readonly currentRevision?: string;
	readonly latestCreatedRevisionName?: string;
}

/** Arguments of `list` that select the object with a name. */
export const named = (name: string): string[] => ['--field-selector', `metadata.name=${name}`];

/** Milliseconds after which kubectl counts as failed. Some verbs wait for the cluster, and a command in a Pod can take long. */
const limits = { read: 15_000, write: 60_000, wait: 400_000 } as const;
const waiting: readonly unknown[] = ['delete', 'wait', 'rollout'];

/** A client for one namespace of the cluster of kubectl's current context. */
export class Kubectl {
	readonly namespace: string;

	constructor(namespace: string) {
		this.namespace = namespace;
	}

	/** Runs kubectl and returns its output. @throws {Failure} that says in a sentence why kubectl failed */
	async run(args: readonly string[], options: RunOptions = {}): Promise<string> {
		const { code, stdout, stderr } = await this.attempt(args, options);
		if (code === 0) return stdout;
		throw await this.failure(`kubectl ${args.join(' ')} failed`, stderr);
	}

	/** Returns the failure that an error of kubectl stands for, or else one that says what failed. */
	async failure(what: string, stderr: string): Promise<Failure> {
		return troubleOf(stderr, await this.context()) ?? new Failure('unknown', `${what}: ${complaint(stderr)}`);
	}

	/** Runs kubectl. Does not throw when kubectl fails; the caller checks the exit code. */
	attempt(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
		const limit = waiting.includes(args[0]) ? limits.wait : args[0] === 'exec' ? undefined : limits.write;
		return run('kubectl', args, { limit, ...options });
	}

	/** Runs kubectl to clean up, also after an interrupt. Ignores its failure. */
	async cleanUp(args: readonly string[]): Promise<void> {
		await this.attempt(args, { limit: limits.read, cleanup: true });
	}

	/** Returns the name of the current context, or '' if none is selected. */
	async context(): Promise<string> {
		return (await this.attempt(['config', 'current-context'])).stdout.trim();
	}

	/** Reads objects of the namespace: `list('pods', '-l', 'app=x')`. Leaves out objects that do not exist. */
	async list<T = LiveObject>(kinds: string, ...args: readonly string[]): Promise<T[]> {
		const all = ['get', kinds, '-n', this.namespace, '--ignore-not-found', '-o', 'json', ...args];
		return itemsOf<T>(await this.run(all, { limit: limits.read }));
	}

	/** Reads cluster-wide objects, or those of another namespace. Leaves out objects that do not exist. */
	async read<T>(...args: readonly string[]): Promise<T[]> {
		return itemsOf<T>(await this.run(['get', ...args, '--ignore-not-found', '-o', 'json'], { limit: limits.read }));
	}

	/** Leaves out objects that do not exist. */
	async get(objects: readonly KubernetesObject[]): Promise<LiveObject[]> {
		const args = ['get', '-n', this.namespace, '--ignore-not-found', '-o', 'json', '-f', '-'];
		return itemsOf<LiveObject>(await this.run(args, { input: listOf(objects), limit: limits.read }));
	}

	/**
	 * Applies objects on the server side. The server merges fields by their manager, and rejects unknown fields.
	 * @returns the resulting objects, in the same order; after a dry run, those that would result
	 * @throws {Failure} with the server's errors
	 */
	async apply(objects: readonly KubernetesObject[], { dryRun = false } = {}): Promise<LiveObject[]> {
		const mode = [
			'--server-side',
			'--field-manager=bodega',
			'--force-conflicts',
			...(dryRun ? ['--dry-run=server'] : []),
		];
		const args = ['apply', ...mode, '-n', this.namespace, '-o', 'json', '-f', '-'];
		const { code, stdout, stderr } = await this.attempt(args, { input: listOf(objects) });
		if (code !== 0)
			throw (
				troubleOf(stderr, await this.context()) ??
				new Failure('unknown', `The cluster rejected the objects:\n${shorten(stderr)}`)
			);
		return itemsOf<LiveObject>(stdout);
	}
}

const listOf = (objects: readonly KubernetesObject[]): string =>
	JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });

/** Shortens the lines of an error, because the API server can quote a whole object in the middle of one. */
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
