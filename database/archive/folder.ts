import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { type ArchiveStore, isArchiveFile } from './store.ts';

const noFolder = 'is no folder. Correct its path.';
const remedies: Readonly<Record<string, string>> = {
	ENOENT: noFolder,
	ENOTDIR: noFolder,
	EEXIST: noFolder,
	ENOSPC: 'is full. Delete old files there, or give it more space.',
	EACCES: 'is closed to this user. Change its owner or its mode.',
	EROFS: 'is read-only. Choose another folder.',
};

/** An archive in a folder of this machine. */
export class Folder implements ArchiveStore {
	readonly title: string;

	constructor(path: string) {
		this.title = path;
	}

	async list(): Promise<string[]> {
		const names = await this.#explained(readdir(this.title));
		return names.filter(isArchiveFile).sort();
	}

	async open(name: string): Promise<Readable> {
		const file = await open(join(this.title, name));
		return file.createReadStream();
	}

	async write(name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
		await this.#explained(this.#write(name, content));
	}

	/** Only this user can read the file, because events contain customers' data. */
	async #write(name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
		const created = await mkdir(this.title, { recursive: true, mode: 0o700 });
		const part = join(this.title, `.${name}.part`);
		try {
			const file = await open(part, 'w', 0o600);
			try {
				for await (const chunk of content) await file.writeFile(chunk);
				await file.sync();
			} finally {
				await file.close();
			}
			await rename(part, join(this.title, name));
		} finally {
			await rm(part, { force: true });
		}
		await syncFolder(this.title);
		if (created !== undefined) await syncFolder(dirname(created));
	}

	/** Adds the next step to an error of the folder. */
	async #explained<T>(work: Promise<T>): Promise<T> {
		try {
			return await work;
		} catch (error) {
			const remedy = remedies[(error as NodeJS.ErrnoException).code ?? ''];
			throw remedy ? new Error(`The archive ${this.title} ${remedy}`, { cause: error }) : error;
		}
	}
}

/** Makes the names in a folder durable. */
async function syncFolder(path: string): Promise<void> {
	const folder = await open(path);
	try {
		await folder.sync();
	} finally {
		await folder.close();
	}
}
