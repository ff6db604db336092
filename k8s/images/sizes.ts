import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../kubectl/failure.ts';
import { run } from '../kubectl/run.ts';

/** The maximum size that an image adds to its base image, in bytes. A node has to pull this much for each function. */
const most = 2_000_000;

/** The base image of all images, as named in the Dockerfile. */
const base =
	/^ARG NODE=(\S+)/m.exec(readFileSync(join(import.meta.dirname, '..', '..', 'Dockerfile'), 'utf8'))?.[1] ?? '';

/** Returns the bytes that each image adds to its base. @throws {Failure} naming the images that are too large */
export async function checkSizes(images: readonly string[]): Promise<ReadonlyMap<string, number>> {
	// BuildKit does not always store the base image where `docker image inspect` finds it.
	if ((await run('docker', ['image', 'inspect', base])).code !== 0) await run('docker', ['pull', '--quiet', base]);
	const { code, stdout, stderr } = await run('docker', ['image', 'inspect', '--format', '{{.Size}}', base, ...images]);
	if (code !== 0) throw new Failure('images', `Cannot read the sizes of the images: ${stderr.trim()}`);
	const [own = 0, ...all] = stdout.trim().split('\n').map(Number);
	const sizes = new Map(images.map((image, index) => [image, (all[index] ?? 0) - own]));
	const large = [...sizes].filter(([, size]) => size > most);
	if (large.length)
		throw new Failure(
			'images',
			`Images add at most ${most} bytes to ${base}, but these add more: ${large.map(([image, size]) => `${image} adds ${size}`).join(', ')}`,
		);
	return sizes;
}
