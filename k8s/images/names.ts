import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dist } from '../../build/esbuild.ts';
import { functions } from '../../functions/index.ts';
import { shop } from '../../shop.ts';

const root = join(dist, '..');

/** The images that a cluster needs: every function, the migration Job, and the metrics exporter. */
const imageOwners: readonly string[] = [...functions.map(({ name }) => name), 'migrate', 'metrics'];

/** The names of all images: those of the cluster, and one more for Compose. */
export const allOwners: readonly string[] = [...imageOwners, 'compose'];

/**
 * Returns the full image names, by function. The tag is a hash of the content, so the same content is never built or
 * loaded twice. Call it once per deployment, because `dist/` can change in the meantime.
 * @param registry by default that of local images, whose tags Knative does not resolve (config
 *   `registries-skipping-tag-resolving`)
 */
export const nameImages = (registry = 'dev.local', owners = imageOwners): ReadonlyMap<string, string> =>
	new Map(owners.map((name) => [name, `${registry}/${shop.name}-${name}:${contentHash(name)}`]));

/** Returns a hash of an image's sources: the Dockerfile, and the names and contents of the files in `dist/<name>`. */
function contentHash(name: string): string {
	const hash = createHash('sha256').update(readFileSync(join(root, 'Dockerfile')));
	const folder = join(dist, name);
	const files = globSync('**', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
	for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).sort())
		hash.update(`\0${path.slice(folder.length)}\0`).update(readFileSync(path));
	return hash.digest('hex').slice(0, 12);
}
