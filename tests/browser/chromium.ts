import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
	copyFileSync,
	createReadStream,
	createWriteStream,
	existsSync,
	mkdtempSync,
	renameSync,
	rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { type Browser, chromium as playwright } from 'playwright-core';
import { guard } from '../../kit/process/guard.ts';
import manifest from './chromium/package.json' with { type: 'json' };

/** The path of a browser, and the environment it needs. */
interface Installed {
	readonly executablePath: string;
	readonly env: Record<string, string>;
}

const howToGet = `The tests of the page need Chromium, and none was found. Install one:
  macOS   brew install --cask google-chrome
  Debian  sudo apt-get install chromium
  others  npx playwright-core install chromium
or name an installed one: CHROMIUM=/path/to/chromium`;

/** The folder of the packaged Chromium, with the libraries and fonts that it needs on a bare machine. */
const unpacked = join(
	import.meta.dirname,
	'../../node_modules',
	`.chromium-${manifest.dependencies['@sparticuz/chromium']}`,
);
const isPackaged = process.platform === 'linux' && process.arch === 'x64';

/** The folders of applications on macOS. */
const applications = ['/Applications', join(homedir(), 'Applications')];
const installed = {
	linux: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map((name) => `/usr/bin/${name}`),
	darwin: applications.flatMap((folder) =>
		['Google Chrome', 'Chromium'].map((name) => join(folder, `${name}.app`, 'Contents', 'MacOS', name)),
	),
};

/** Installs the packaged Chromium if it is missing and `CHROMIUM` names no other. @throws {Error} as `find` does. */
export async function provideChromium(): Promise<void> {
	if (isPackaged && !process.env['CHROMIUM'] && !existsSync(unpacked)) {
		process.stderr.write('Installing Chromium for the tests (once, 66 MB) …\n');
		await install().catch((error: Error) =>
			process.stderr.write(`Chromium could not be installed: ${error.message}\n`),
		);
	}
	find();
}

/** Starts the Chromium that `provideChromium` has found or installed. `args` are additional switches. */
export const launchChromium = (args: readonly string[] = []): Promise<Browser> =>
	playwright.launch({
		...find(),
		// Chromium's sandbox does not work for root, the usual user of a container.
		args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', ...args],
	});

/**
 * Finds a Chromium: the one that `CHROMIUM` names, the packaged one, an installed one, or Playwright's.
 * @throws {Error} that says how to install one.
 */
function find(): Installed {
	const named = process.env['CHROMIUM'];
	if (named && !existsSync(named))
		throw new Error(`CHROMIUM=${named}: no such file; expected the path of an installed Chromium`);
	if (!named && isPackaged && existsSync(unpacked)) return packaged();
	const places = [named, ...(installed[process.platform as keyof typeof installed] ?? []), playwright.executablePath()];
	const executablePath = places.find((path) => path && existsSync(path));
	if (!executablePath) throw new Error(howToGet);
	return { executablePath, env: environment({}) };
}

const packaged = (): Installed => ({
	executablePath: join(unpacked, 'chromium'),
	env: environment({
		LD_LIBRARY_PATH: [join(unpacked, 'al2023', 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':'),
		FONTCONFIG_PATH: join(unpacked, 'fonts'),
		XDG_CACHE_HOME: unpacked,
	}),
});

const environment = (more: Record<string, string>): Record<string, string> => ({
	...(process.env as Record<string, string>),
	...more,
});

/** Installs the package separately from the project's dependencies, and unpacks its files. */
async function install(): Promise<void> {
	const fresh = mkdtempSync(`${unpacked}-`);
	try {
		for (const file of ['package.json', 'package-lock.json'])
			copyFileSync(join(import.meta.dirname, 'chromium', file), join(fresh, file));
		const options = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
		const npm = guard(spawn('npm', options, { cwd: fresh, stdio: ['ignore', 'ignore', 'inherit'] }));
		const [code] = (await once(npm, 'exit')) as [number | null];
		if (code !== 0) throw new Error(`"npm ci" ended with ${code}`);
		const { extract } = createRequire(join(fresh, 'package.json'))('tar-fs') as { extract: typeof createWriteStream };
		const unpack = (file: string, into: NodeJS.WritableStream): Promise<void> => {
			const packed = createReadStream(join(fresh, 'node_modules/@sparticuz/chromium/bin', file));
			return pipeline(packed, createBrotliDecompress(), into);
		};
		await Promise.all([
			unpack('chromium.br', createWriteStream(join(fresh, 'chromium'), { mode: 0o755 })),
			unpack('al2023.tar.br', extract(join(fresh, 'al2023'))),
			unpack('fonts.tar.br', extract(join(fresh, 'fonts'))),
		]);
		// The fonts.conf of the package names a cache folder that all users of the machine would share.
		copyFileSync(join(import.meta.dirname, 'chromium', 'fonts.conf'), join(fresh, 'fonts', 'fonts.conf'));
		rmSync(join(fresh, 'node_modules'), { recursive: true });
		renameSync(fresh, unpacked); // Renamed last, so that an incomplete browser is never found.
	} finally {
		rmSync(fresh, { recursive: true, force: true });
	}
}
