import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dist } from '../../build.ts';
import { functions } from '../../functions/index.ts';

const root = join(dist, '..');

/** What has an image on a cluster: every function, the migration Job, and what tells the database's metrics. */
const imageOwners: readonly string[] = [...functions.map(({ name }) => name), 'migrate', 'metrics'];

/** Those, and what Compose needs in a cluster's stead. */
export const allOwners: readonly string[] = [...imageOwners, 'compose'];

/** Knative looks no image up in a registry whose name begins so (its config `registries-skipping-tag-resolving`). */
const localRegistry = 'dev.local';

/**
 * The images, by function, each named after what is in it, so that the same content is never built or loaded twice. Told
 * once per deployment, since `dist/` may change meanwhile.
 */
export const nameImages = (registry = localRegistry, owners = imageOwners): ReadonlyMap<string, string> =>
	new Map(owners.map((name) => [name, `${registry}/bodega-${name}:${contentHash(name)}`]));

/** The hash of what an image is built from: the files in `dist/<name>`, with their names, and the Dockerfile. */
function contentHash(name: string): string {
	const hash = createHash('sha256').update(readFileSync(join(root, 'Dockerfile')));
	const folder = join(dist, name);
	const files = globSync('**', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
	for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).sort())
		hash.update(`\0${path.slice(folder.length)}\0`).update(readFileSync(path));
	return hash.digest('hex').slice(0, 12);
}
