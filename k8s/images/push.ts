import manifest from '../../package.json' with { type: 'json' };
import { Failure } from '../kubectl/failure.ts';
import { step } from '../kubectl/progress.ts';
import { run } from '../kubectl/run.ts';
import { buildImage, bundle } from './build.ts';
import { allOwners, nameImages } from './names.ts';
import { checkSizes } from './sizes.ts';

/**
 * Builds all images with labels that name their source. Pushes each to a registry under two tags: the hash of its
 * content and the version. Prints each image's name with its digest.
 * @param latest tags the images `latest` too
 * @throws {Failure}
 */
export async function push(registry: string, { latest = false }: { latest?: boolean }): Promise<void> {
	if (!/^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9._-]+)*$/.test(registry))
		throw new Failure('usage', `"${registry}" is not a registry: expected a name like ghcr.io/me.`);
	await bundle();
	const labels = await originLabels();
	const images = nameImages(registry, allOwners);
	for (const [name, image] of images) {
		const repository = image.slice(0, image.lastIndexOf(':'));
		const tags = [manifest.version, ...(latest ? ['latest'] : [])].map((tag) => `${repository}:${tag}`);
		await step(`image ${image}`, () => buildImage(name, image, [...labels, ...tags.flatMap((tag) => ['--tag', tag])]));
		await checkSizes([image]);
		for (const tag of [image, ...tags]) await step(`push ${tag}`, () => pushImage(tag));
		process.stdout.write(`${await digestOf(repository, image)}\n`);
	}
}

async function pushImage(tag: string): Promise<void> {
	const { code, stdout, stderr } = await run('docker', ['push', tag]);
	if (code === 0) return;
	const said = (stdout + stderr).trim().split('\n').slice(-5).join('\n');
	throw new Failure(
		'images',
		`Could not push ${tag}:\n${said}\nCheck that you can push there, and log in with docker login.`,
	);
}

async function digestOf(repository: string, image: string): Promise<string> {
	const { stdout } = await run('docker', ['image', 'inspect', '--format', '{{join .RepoDigests "\\n"}}', image]);
	return stdout.split('\n').find((line) => line.startsWith(`${repository}@`)) ?? image;
}

/** Returns the labels that come from Git (OCI Image Specification: "Annotations"), as arguments of `docker build`. */
async function originLabels(): Promise<string[]> {
	const git = async (...args: string[]): Promise<string> => (await run('git', args)).stdout.trim();
	const [revision, created, changed, origin] = await Promise.all([
		git('rev-parse', 'HEAD'),
		// The commit's time. With the build's time, two builds of the same commit would differ.
		git('log', '-1', '--format=%cI'),
		git('status', '--porcelain'),
		git('remote', 'get-url', 'origin'),
	]);
	const labels = {
		version: manifest.version,
		revision: revision && changed ? `${revision}-dirty` : revision,
		created,
		source: sourceOf(origin),
	};
	return Object.entries(labels).flatMap(([key, value]) =>
		value ? ['--label', `org.opencontainers.image.${key}=${value}`] : [],
	);
}

/** Returns a Git remote as an https address without user and password, or '' if the remote is a folder. */
export function sourceOf(remote: string): string {
	const [, host, path] =
		/^(?:https?:\/\/(?:[^@/]*@)?|ssh:\/\/(?:[^@/]*@)?|git@)([\w.-]+\.[a-z]+)(?::\d+)?[/:](.+?)(?:\.git)?\/?$/.exec(
			remote,
		) ?? [];
	return host ? `https://${host}/${path}` : '';
}
