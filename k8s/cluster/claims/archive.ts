import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ICronJob } from 'kubernetes-models/batch/v1';
import type { ISecret } from 'kubernetes-models/v1';
import { archiveAt } from '../../../database/archive/place.ts';
import { type ArchiveReader, isArchiveFile } from '../../../database/archive/store.ts';
import { remover } from '../../../database/roles.ts';
import { Failure } from '../../kubectl/failure.ts';
import { type Kubectl, named } from '../../kubectl/kubectl.ts';
import { step } from '../../kubectl/progress.ts';
import { start } from '../../kubectl/run.ts';
import { archiveClaim } from '../../manifests/database/archive.ts';
import { archiveReader } from '../../manifests/reader.ts';
import { secretName } from '../../manifests/secret.ts';
import { remembered } from '../stored-choices.ts';

/**
 * Calls `use` with the archive of a shop on a cluster. Reads a claim through a Pod, and a bucket from this machine, with the key of
 * the Secret.
 * @param endpoint replaces the URL of the bucket's store, which can be one that only the cluster reaches
 * @throws {Failure} that says what to do if there is none
 */
export async function withArchive(
	kubectl: Kubectl,
	endpoint: string | undefined,
	use: (archive: ArchiveReader) => Promise<void>,
): Promise<void> {
	const { archive } = await remembered(kubectl);
	if (!archive)
		throw new Failure(
			'usage',
			`The shop in the namespace ${kubectl.namespace} has no archive. To have one from now on: npx bodega deploy --archive claim`,
		);
	if (archive === 'claim') return await withClaim(kubectl, use);
	const [found] = await kubectl.list<ISecret>('secrets', ...named(secretName.archive));
	const stored = Object.entries(found?.data ?? {}).map(([name, value]) => [
		name,
		Buffer.from(value, 'base64').toString(),
	]);
	const key = Object.fromEntries(stored) as Record<string, string>;
	await use(archiveAt(archive, '--archive', { ...key, ...(endpoint ? { AWS_ENDPOINT_URL: endpoint } : {}) }));
}

/** Calls `use` with the files of the claim, which a Pod mounts. Deletes the Pod afterwards. */
async function withClaim(kubectl: Kubectl, use: (archive: ArchiveReader) => Promise<void>): Promise<void> {
	const pod = `archive-reader-${process.pid}`;
	const inNamespace = ['-n', kubectl.namespace];
	const remove = ['delete', 'pod', pod, ...inNamespace, '--ignore-not-found', '--wait=false'];
	// The reader of the output can stop before its end (`| head`), which ends this process.
	const atExit = (): void => spawn('kubectl', remove, { detached: true, stdio: 'ignore' }).unref();
	process.once('exit', atExit);
	try {
		await step('archive', async () => {
			await kubectl.apply([archiveReader(pod, await imageOf(kubectl))]);
			await kubectl.run(['wait', `pod/${pod}`, ...inNamespace, '--for=condition=Ready', '--timeout=120s']);
		});
		await use(new Claim(kubectl, pod));
	} finally {
		process.off('exit', atExit);
		await kubectl.cleanUp(remove);
	}
}

/** Returns the image of the job that writes the archive, which the cluster can pull. @throws {Failure} when there is no such job */
async function imageOf(kubectl: Kubectl): Promise<string> {
	const [job] = await kubectl.list<ICronJob>('cronjobs.batch', ...named(remover));
	const image = job?.spec?.jobTemplate.spec?.template.spec?.containers[0]?.image;
	if (image) return image;
	throw new Failure('notReady', `There is no CronJob ${remover}. Deploy the shop again: npx bodega deploy`);
}

/** The files of the claim, in a Pod that mounts it. */
class Claim implements ArchiveReader {
	readonly title = `claim ${archiveClaim.claim}`;
	readonly #kubectl: Kubectl;
	readonly #exec: readonly string[];

	constructor(kubectl: Kubectl, pod: string) {
		this.#kubectl = kubectl;
		this.#exec = ['exec', pod, '-n', kubectl.namespace, '--'];
	}

	async list(): Promise<string[]> {
		const listed = await this.#kubectl.run([...this.#exec, 'ls', archiveClaim.folder]);
		return listed.split('\n').filter(isArchiveFile).sort();
	}

	async open(name: string): Promise<Readable> {
		return Readable.from(this.#read([...this.#exec, 'cat', `${archiveClaim.folder}/${name}`]));
	}

	/** Yields the output of kubectl as it arrives. @throws {Failure} when kubectl fails */
	async *#read(args: readonly string[]): AsyncGenerator<Buffer> {
		const child = start('kubectl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
		const closed = once(child, 'close') as Promise<[number | null]>;
		const said = text(child.stderr as Readable);
		yield* child.stdout as Readable;
		const [code] = await closed;
		if (code !== 0) throw await this.#kubectl.failure(`kubectl ${args.join(' ')} failed`, await said);
	}
}
