import { existsSync } from 'node:fs';
import { functionOf, outputOf } from '../../build.ts';
import { type Declaration, eventsTarget, withRole } from '../../kit/declare/declare.ts';
import { BuildsFailed, type Bundles } from '../bundles/bundles.ts';
import { printLine } from '../output.ts';
import { Reload } from './reload.ts';
import type { Services } from './services.ts';

/**
 * Builds what has changed. A function whose build fails does not keep the others from opening: it answers 503 until a change
 * mends it. Returns the names of these functions.
 */
export async function build(bundles: Bundles): Promise<ReadonlySet<string>> {
	try {
		await bundles.refresh();
		return new Set();
	} catch (error) {
		if (!(error instanceof BuildsFailed)) throw error;
		printLine('build', `failed:\n${error.message}`);
		// The previous page can be served without its sources.
		const missing = error.bundles.filter((name) => functionOf(name) === name || !existsSync(outputOf(name)));
		return new Set(missing.map(functionOf));
	}
}

/** The reactions of the shop to saved sources. */
interface Watching {
	readonly bundles: Bundles;
	readonly services: Services;
	/** Applies the declarations as they are now. @throws {Error} that says what is wrong in them */
	readonly apply: () => Promise<void>;
	/** A source in TypeScript was saved. */
	readonly saved: () => void;
}

/**
 * Rebuilds changed functions, and applies changed declarations and migrations. Requests wait meanwhile, and later ones run the new
 * code. What fails leaves everything as it was. Returns the function that stops it.
 */
export function watchSources({ bundles, services, apply, saved }: Watching): () => void {
	const reload = new Reload(() =>
		apply().catch((error: Error) =>
			printLine('start', `the declarations are not applied, and the shop runs as before:\n${error.message}`),
		),
	);
	const stop = bundles.watch(
		(name, built) => {
			const fn = functionOf(name);
			const concerned = [fn, eventsTarget(fn)].flatMap((target) => services.byName.get(target) ?? []);
			for (const service of concerned) service.hold(built.then(() => service.replace()));
			const next = concerned.length ? '; the next request runs the new code' : '';
			built.then(
				() => printLine(name, `rebuilt${next}`),
				async (error: Error) => {
					// The sources of a function that is removed fail to build before the list of functions changes.
					await reload.settled;
					if (bundles.has(name)) printLine(name, `build failed; the previous code keeps running:\n${error.message}`);
				},
			);
		},
		() => services.hold(reload.changed()),
		saved,
	);
	return () => {
		reload.stop();
		stop();
	};
}

/** Checks that the page, the API reference and the code of the functions are still served by the same functions, for which they are built. @throws {Error} */
export function checkRoles(before: readonly Declaration[], now: readonly Declaration[]): void {
	for (const role of ['gateway', 'reference', 'observer'] as const) {
		const [old, { name }] = [withRole(role, before).name, withRole(role, now)];
		if (name !== old)
			throw new Error(`"${name}" has the role "${role}" instead of "${old}": restart the shop to apply that`);
	}
}

/** Says what has changed, for the terminal. */
export function describeChange(change: ReturnType<Services['run']>): string {
	const parts = Object.entries(change).flatMap(([what, names]) => (names.length ? `${what} ${names.join(', ')}` : []));
	return `declarations applied${parts.length ? `: ${parts.join('; ')}` : ''}`;
}
