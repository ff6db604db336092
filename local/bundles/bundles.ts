import { existsSync, globSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { type Form, imported, root } from '../../build/esbuild.ts';
import { type Bundled, bundle, bundlesOf, complete, formatFailure, outputOf } from '../../build.ts';
import { functions } from '../../functions/index.ts';
import { type Declaration, targetsOf } from '../../kit/declare/declare.ts';
import { changedAt, type Inputs, isCurrent, readRecord, removeRecord, writeRecord } from './record.ts';
import { watchFolder, watchTree } from './watch-tree.ts';

/** Inputs of every bundle. */
const tools = [
	...['build.ts', 'build/code.ts', 'build/esbuild.ts', 'build/lean.ts', 'build/pages.ts', 'build/sbom.ts'],
	'package-lock.json',
];
/** Milliseconds between two checks of a changed file. An editor empties a file before writing it. */
const settling = 20;
/** Maximum number of checks of an empty file: on a busy machine the write can come much later. */
const looks = 100;

/** Some bundles could not be built. The message has the locations in the sources. */
export class BuildsFailed extends Error {
	readonly bundles: readonly Bundled[];

	constructor(failures: ReadonlyMap<Bundled, Error>) {
		// An error in a shared file fails in each bundle with the same message.
		super([...new Set([...failures.values()].map(({ message }) => message))].join('\n'));
		this.bundles = [...failures.keys()];
	}
}

/** Rebuilds the bundles in `dist/` whose sources have changed. */
export class Bundles {
	readonly #form: Form;
	readonly #inputs: Record<string, Inputs>;
	/** The bundles whose last build failed. */
	readonly #failed = new Set<Bundled>();
	#building = 0;
	#functions = functions;
	/** Builds what is stale, while the sources are watched. */
	#buildStale = (): void => {};

	constructor(form: Form = 'laptop') {
		this.#form = form;
		this.#inputs = readRecord(form);
	}

	/** Returns the bundles that are missing or older than their sources. */
	stale(): Bundled[] {
		return bundlesOf(this.#functions).filter((name) => this.#isStale(name));
	}

	/** Builds the stale bundles. Writes nothing when none is stale. @throws {BuildsFailed} after all others are built */
	async refresh(): Promise<void> {
		const stale = this.stale();
		if (!stale.length) return;
		const failures = new Map<Bundled, Error>();
		const build = (name: Bundled) => this.#build(name).catch((error: Error) => failures.set(name, error));
		await Promise.all(stale.map(build));
		this.#keep();
		if (failures.size) throw new BuildsFailed(failures);
	}

	#isStale(name: Bundled): boolean {
		return this.#failed.has(name) || !isCurrent(outputOf(name), this.#inputs[name]);
	}

	/** Imports a source as it is now, even if it is newer than this process. @throws {Error} with the place in the sources */
	async current<Module>(source: string): Promise<Module> {
		return await this.#withEsbuild(() => imported<Module>(source)).catch(located);
	}

	/** Imports the functions as `functions/index.ts` lists them now. @throws {Error} with the place in the sources, or the contradiction */
	async declarations(): Promise<readonly Declaration[]> {
		return (await this.current<{ functions: readonly Declaration[] }>('functions/index.ts')).functions;
	}

	has(name: Bundled): boolean {
		return bundlesOf(this.#functions).includes(name);
	}

	/** Builds by these declarations from now on: at once the new functions, and those that have other targets than before. */
	use(functions: readonly Declaration[]): void {
		const before = new Map(this.#functions.map((fn) => [fn.name, filesOf(fn)]));
		for (const fn of functions) if (filesOf(fn) !== before.get(fn.name)) this.#failed.add(fn.name);
		this.#functions = functions;
		this.#buildStale();
	}

	async #build(name: Bundled): Promise<void> {
		this.#failed.add(name);
		await this.#withEsbuild(() => this.#bundle(name));
		this.#failed.delete(name);
	}

	async #withEsbuild<T>(work: () => Promise<T>): Promise<T> {
		this.#building += 1;
		try {
			return await work();
		} finally {
			this.#building -= 1;
			// esbuild's service holds 260 MB, and starts again with the next build.
			if (!this.#building) await (await import('esbuild')).stop();
		}
	}

	async #bundle(name: Bundled): Promise<void> {
		removeRecord(); // Invalid until it is written again.
		rmSync(complete, { force: true }); // From now on `dist/` is not what images contain.
		// Uses the modification times from before the build: a file saved during the build is built again.
		const before = timesOf(Object.keys(this.#inputs[name] ?? {}));
		const inputs = await bundle(name, this.#form, this.#functions).catch(located);
		const now = timesOf([...inputs, ...tools]);
		this.#inputs[name] = Object.fromEntries(Object.entries(now).map(([file, time]) => [file, before[file] ?? time]));
	}

	/** Waits until no changed input of the bundle is empty. */
	async #written(name: Bundled): Promise<void> {
		for (let look = 0; look < looks; look += 1) {
			await after(settling);
			const changed = Object.entries(this.#inputs[name] ?? {}).filter(([file, time]) => changedAt(file) !== time);
			if (!changed.some(([file]) => statSync(join(root, file), { throwIfNoEntry: false })?.size === 0)) return;
		}
	}

	#keep(): void {
		// A failed build is repeated at the next start, even if its sources are then what they were before.
		const names = new Set(bundlesOf(this.#functions));
		const built = Object.entries(this.#inputs).filter(([name]) => names.has(name) && !this.#failed.has(name));
		writeRecord(this.#form, Object.fromEntries(built));
	}

	/**
	 * Watches the sources. Calls `onChange` immediately for each affected bundle, with a promise of its build. Calls
	 * `onShape` for changes to the inputs of the local shop itself: declarations, the list of functions and migrations. Calls
	 * `onSave` for every source in TypeScript.
	 */
	watch(
		onChange: (name: Bundled, built: Promise<void>) => void,
		onShape: (file: string) => void,
		onSave: () => void = () => {},
	): () => void {
		const builds = new Map<Bundled, Promise<void>>();
		/** Bundles whose next build has not begun; that build covers all changes until then. */
		const waiting = new Set<Bundled>();
		const concerns = (file: string, name: Bundled): boolean => {
			// The file that failed a build is not always among the inputs: it can be missing, or imported for the first time.
			if (this.#failed.has(name) || !existsSync(outputOf(name))) return true;
			const inputs = this.#inputs[name] ?? {};
			if (file in inputs) return changedAt(file) !== inputs[file];
			// A folder that was moved away or back.
			return Object.entries(inputs).some(([input, time]) => input.startsWith(`${file}/`) && changedAt(input) !== time);
		};
		const build = async (name: Bundled): Promise<void> => {
			// Runs the builds of a bundle one after the other.
			await Promise.allSettled([builds.get(name), this.#written(name)]);
			waiting.delete(name);
			if (!this.#isStale(name)) return;
			await this.#build(name).finally(() => this.#keep());
		};
		const changed = (path: string): void => {
			const file = relative(root, path);
			if (/\.tsx?$/.test(file)) onSave();
			if (/function\.ts$|functions\/index\.ts$|\.sql$/.test(file)) onShape(file);
			for (const name of bundlesOf(this.#functions)) {
				if (waiting.has(name) || !concerns(file, name)) continue;
				waiting.add(name);
				const built = build(name);
				builds.set(name, built);
				onChange(name, built);
			}
		};
		this.#buildStale = () => changed(join(root, 'functions'));
		const stops = ['functions', 'kit', 'eventing', 'web', 'build'].map((folder) =>
			watchTree(join(root, folder), changed),
		);
		const installed = join(root, 'node_modules');
		for (const folder of [root, installed, ...globSync(join(installed, '@*'))])
			stops.push(watchFolder(folder, changed));
		return () => {
			for (const stop of stops) stop();
		};
	}
}

/** Reports a failed build with its place in the sources. @throws {Error} always */
const located = async (failure: unknown): Promise<never> => {
	throw new Error(await formatFailure(failure));
};

/** The signatures of a function's targets, which decide the files of its bundle. */
const filesOf = (fn: Declaration): string =>
	targetsOf(fn)
		.map(({ signature }) => signature)
		.join();

const timesOf = (files: readonly string[]): Inputs => Object.fromEntries(files.map((file) => [file, changedAt(file)]));
