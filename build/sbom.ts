import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import manifest from '../package.json' with { type: 'json' };

interface Lock {
	readonly packages: Readonly<Record<string, { version: string; license?: string; integrity?: string }>>;
}

/** The files of which anything is left in what esbuild has written: what it looked at and left out is not. */
export const contentsOf = ({ outputs }: Metafile): string[] =>
	Object.values(outputs).flatMap(({ inputs }) =>
		Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput ? [file] : [])),
	);

/**
 * The bill of materials of a bundle, as CycloneDX 1.6: the npm packages in it, as the lock file has them. The same bundle has
 * the same: no time, no serial number.
 */
export function sbomOf(name: string, contents: readonly string[]): object {
	const lock = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8')) as Lock;
	const folders = new Set(contents.flatMap((file) => packageFolder(file) ?? []));
	const found = [...folders].map((folder) => component(folder, lock));
	// A package may be in several folders, at one version.
	const components = new Map(found.map((each) => [each.purl, each] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
	const ref = `bodega-${name}@${manifest.version}`;
	return {
		bomFormat: 'CycloneDX',
		specVersion: '1.6',
		version: 1,
		metadata: {
			lifecycles: [{ phase: 'build' }],
			component: {
				type: 'application',
				'bom-ref': ref,
				name: `bodega-${name}`,
				version: manifest.version,
				description: manifest.description,
				licenses: [{ expression: manifest.license }],
			},
		},
		components: [...components.values()],
		dependencies: [{ ref, dependsOn: [...components.keys()] }],
	};
}

/** The folder of the package that a file belongs to, as the lock file names it: `node_modules/a/node_modules/@b/c`. */
const packageFolder = (file: string): string | undefined =>
	/(?:^|\/)(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];

function component(folder: string, lock: Lock) {
	const locked = lock.packages[folder];
	if (!locked) throw new Error(`package-lock.json has no ${folder}, of which a bundle is made; run npm install`);
	const { version, license, integrity } = locked;
	const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
	const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
	const [group, own] = name.startsWith('@') ? (name.split('/') as [string, string]) : [undefined, name];
	const [, sha512] = /^sha512-(\S+)/.exec(integrity ?? '') ?? [];
	return {
		type: 'library',
		'bom-ref': purl,
		...(group ? { group } : {}),
		name: own,
		version,
		...(license ? { licenses: [{ expression: license }] } : {}),
		...(sha512 ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(sha512, 'base64').toString('hex') }] } : {}),
		purl,
	};
}
