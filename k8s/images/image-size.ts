import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../kubectl/failure.ts';
import { run } from '../kubectl/run.ts';

/** The most that an image may be larger than the one it stands on, in bytes: what a node has to fetch for each function. */
const most = 2_000_000;

/** What all images stand on, as the Dockerfile has it. */
const base =
	/^ARG NODE=(\S+)/m.exec(readFileSync(join(import.meta.dirname, '..', '..', 'Dockerfile'), 'utf8'))?.[1] ?? '';

/** Tells by how many bytes each image is larger than its base. @throws {Failure} naming those that are too large */
export async function checkSizes(images: readonly string[]): Promise<ReadonlyMap<string, number>> {
	// A build need not leave its base where it can be looked at.
	if ((await run('docker', ['image', 'inspect', base])).code !== 0) await run('docker', ['pull', '--quiet', base]);
	const { code, stdout, stderr } = await run('docker', ['image', 'inspect', '--format', '{{.Size}}', base, ...images]);
	if (code !== 0) throw new Failure('images', `The sizes of the images cannot be told: ${stderr.trim()}`);
	const [own = 0, ...all] = stdout.trim().split('\n').map(Number);
	const sizes = new Map(images.map((image, index) => [image, (all[index] ?? 0) - own]));
	const large = [...sizes].filter(([, size]) => size > most);
	if (large.length)
		throw new Failure(
			'images',
			`More than ${most} bytes larger than ${base}: ${large.map(([image, size]) => `${image} by ${size}`).join(', ')}`,
		);
	return sizes;
}
