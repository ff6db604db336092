import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import manifest from '../package.json' with { type: 'json' };
import { shop } from '../shop.ts';

interface Lock {
	readonly packages: Readonly<Record<string, { version: string; license?: string; integrity?: string }>>;
}

/** Returns the files with code in esbuild's output. Files that esbuild read but tree-shook away are excluded. */
export const contentsOf = ({ outputs }: Metafile): string[] =>
	Object.values(outputs).flatMap(({ inputs }) =>
		Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput ? [file] : [])),
	);

/** Returns a bundle's npm packages as CycloneDX 1.6, without time and serial number: equal bundles have equal bills. */
export function sbomOf(name: string, contents: readonly string[]): object {
	const lock = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8')) as Lock;
	const folders = new Set(contents.flatMap((file) => packageFolder(file) ?? []));
	const found = [...folders].map((folder) => component(folder, lock));
	// A package can be in several folders with the same version.
	const components = new Map(found.map((each) => [each.purl, each] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
	const ref = `${shop.name}-${name}@${manifest.version}`;
	return {
		bomFormat: 'CycloneDX',
		specVersion: '1.6',
		version: 1,
		metadata: {
			lifecycles: [{ phase: 'build' }],
			component: {
				type: 'application',
				'bom-ref': ref,
				name: `${shop.name}-${name}`,
				version: manifest.version,
				description: manifest.description,
				licenses: [{ expression: manifest.license }],
			},
		},
		components: [...components.values()],
		dependencies: [{ ref, dependsOn: [...components.keys()] }],
	};
}

/** Returns the folder of a file's package as written in the lock file: `node_modules/a/node_modules/@b/c`. */
const packageFolder = (file: string): string | undefined =>
	/(?:^|\/)(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];

function component(folder: string, lock: Lock) {
	const locked = lock.packages[folder];
	if (!locked) throw new Error(`package-lock.json does not list ${folder}, which is part of a bundle; run npm install`);
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
