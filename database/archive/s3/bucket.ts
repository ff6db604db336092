import { Readable } from 'node:stream';
import { type ArchiveStore, isArchiveFile } from '../store.ts';
import { S3Client, type S3Settings } from './client.ts';
import { textIn } from './refusal.ts';

/** The size of an upload's parts, in bytes. A store accepts 10,000 parts of 5 MiB or more; some want parts of one size. */
const partSize = 8 * 2 ** 20;

/** An archive in a bucket of an S3-compatible store. */
export class Bucket implements ArchiveStore {
	readonly title: string;
	readonly #client: S3Client;
	readonly #bucket: string;
	readonly #prefix: string;

	/** @param prefix of the keys, without a slash at its end; can be empty */
	constructor(bucket: string, prefix: string, settings: S3Settings) {
		this.title = `s3://${bucket}${prefix && `/${prefix}`}`;
		this.#bucket = bucket;
		this.#prefix = prefix && `${prefix}/`;
		this.#client = new S3Client(settings);
	}

	async list(): Promise<string[]> {
		const names: string[] = [];
		for (let last = ''; ; ) {
			const { text } = await this.#client.ask(this.title, {
				method: 'GET',
				path: this.#bucket,
				query: {
					'list-type': '2',
					'encoding-type': 'url',
					prefix: `${this.#prefix}events-`,
					...(last && { 'start-after': last }),
				},
			});
			const keys = [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => decodeURIComponent(key));
			names.push(...keys.map((key) => key.slice(this.#prefix.length)).filter(isArchiveFile));
			last = keys.at(-1) ?? '';
			if (textIn(text, 'IsTruncated') !== 'true' || !last) return names.sort();
		}
	}

	async open(name: string): Promise<Readable> {
		return Readable.from(await this.#client.read(`${this.title}/${name}`, this.#pathOf(name)));
	}

	/** Uploads the parts one after the other. Only the completion makes the file exist; a failed upload is aborted. */
	async write(name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
		const what = `${this.title}/${name}`;
		const path = this.#pathOf(name);
		const begun = await this.#client.ask(what, { method: 'POST', path, query: { uploads: '' } });
		const uploadId = textIn(begun.text, 'UploadId');
		if (!uploadId) throw new Error(`${what}: the store began no upload; expected an S3-compatible one.`);
		try {
			const parts: string[] = [];
			for await (const body of partsOf(content)) {
				const partNumber = String(parts.length + 1);
				const { headers } = await this.#client.ask(what, {
					method: 'PUT',
					path,
					query: { partNumber, uploadId },
					body,
				});
				parts.push(`<Part><PartNumber>${partNumber}</PartNumber><ETag>${headers.get('etag')}</ETag></Part>`);
			}
			const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
			await this.#client.ask(what, { method: 'POST', path, query: { uploadId }, body });
		} catch (error) {
			// If this fails too, a lifecycle rule of the bucket removes the parts.
			await this.#client.ask(what, { method: 'DELETE', path, query: { uploadId }, attempts: 1 }).catch(() => {});
			throw error;
		}
	}

	#pathOf(name: string): string {
		return `${this.#bucket}/${this.#prefix}${name}`;
	}
}

/** Joins chunks to parts of one size, but for the last. */
async function* partsOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer<ArrayBuffer>> {
	let waiting: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of content) {
		waiting.push(chunk);
		size += chunk.length;
		if (size < partSize) continue;
		const all = Buffer.concat(waiting);
		yield all.subarray(0, partSize);
		waiting = [all.subarray(partSize)];
		size -= partSize;
	}
	if (size > 0) yield Buffer.concat(waiting);
}
