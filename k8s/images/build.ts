import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dist } from '../../build/esbuild.ts';
import { buildAll } from '../../build.ts';
import { functions } from '../../functions/index.ts';
import { Failure } from '../kubectl/failure.ts';
import { step } from '../kubectl/progress.ts';
import { run } from '../kubectl/run.ts';
import { allOwners, nameImages } from './names.ts';
import { checkSizes } from './sizes.ts';

/**
 * Bundles every function, builds the images that Docker does not have yet, and checks their sizes.
 * @param registry where to push to: `ghcr.io/me`. Without it, the images are for a cluster on this machine.
 * @throws {Failure}
 */
export async function build({ registry }: { registry?: string }): Promise<void> {
	await bundle();
	const images = nameImages(registry, allOwners);
	await buildImages(images);
	await step('sizes', async () => {
		for (const [image, size] of await checkSizes([...images.values()])) process.stdout.write(`${image} +${size}\n`);
	});
}

export async function buildImages(images: Iterable<readonly [name: string, image: string]>): Promise<void> {
	for (const [name, image] of images)
		if (!(await isBuilt(image))) await step(`image ${image}`, () => buildImage(name, image));
}

export const bundle = (): Promise<void> => step('bundles', buildAll);

async function isBuilt(image: string): Promise<boolean> {
	const { code, stderr } = await run('docker', ['image', 'inspect', '--format', '{{.Id}}', image]);
	if (/cannot connect|is the docker daemon running/i.test(stderr))
		throw new Failure('environment', `Docker does not answer: ${stderr.trim()}\nStart it, or point DOCKER_HOST at it.`);
	return code === 0;
}

/** Builds an image, with extra arguments for `docker build` such as labels and tags. @throws {Failure} */
export async function buildImage(name: string, image: string, more: readonly string[] = []): Promise<void> {
	// The other images start only once per deployment, so they need no compiled code.
	const target = functions.some((fn) => fn.name === name) ? 'function' : 'bundle';
	const root = join(dist, '..');
	if (!existsSync(join(dist, name)))
		throw new Failure('images', `Cannot build the image of ${name}: there is no folder ${join(dist, name)}.`);
	const args = ['build', '--target', target, '--build-arg', `FUNCTION=${name}`, '--tag', image, ...more, root];
	const { code, stdout, stderr } = await run('docker', args);
	if (code !== 0)
		throw new Failure(
			'images',
			`docker ${args.join(' ')} failed:\n${(stdout + stderr).trim().split('\n').slice(-30).join('\n')}`,
		);
}
