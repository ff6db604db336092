import { existsSync, readFileSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bundled, bundle, bundles, dist, formatFailure } from '../build.ts';

const root = join(import.meta.dirname, '..');
/** What the bundles in `dist/` were made of: the inputs of each, with their times of change. */
const record = join(dist, 'inputs.json');

type Inputs = Record<string, number>;

/** Keeps the bundles in `dist/` in step with the sources: builds what changed, and only that. */
export class Bundles {
	#inputs: Record<string, Inputs>;

	constructor() {
		this.#inputs = existsSync(record) ? (JSON.parse(readFileSync(record, 'utf8')) as Record<string, Inputs>) : {};
	}

	/** Builds what is missing or older than its sources. @throws {Error} that shows the place in the source. */
	async refresh(): Promise<void> {
		await Promise.all(bundles.filter((name) => this.#isStale(name)).map((name) => this.#build(name)));
		writeFileSync(record, JSON.stringify(this.#inputs));
	}

	#isStale(name: Bundled): boolean {
		const inputs = this.#inputs[name];
		if (!inputs || !existsSync(join(dist, name))) return true;
		return Object.entries(inputs).some(([file, time]) => changedAt(file) !== time);
	}

	async #build(name: Bundled): Promise<void> {
		rmSync(record, { force: true }); // Until it is written anew, nothing in it counts.
		const inputs = await bundle(name).catch((failure) => {
			throw new Error(formatFailure(failure));
		});
		this.#inputs[name] = Object.fromEntries(inputs.map((file) => [file, changedAt(file)]));
	}

	/**
	 * Watches the sources. `onChange` is told at once which bundles a change concerns, and is given the build to wait for.
	 * Changes to what the twin itself is made from (declarations, the list of functions, migrations) are told of by `onShape`.
	 */
	watch(onChange: (name: Bundled, built: Promise<void>) => void, onShape: (file: string) => void): () => void {
		const builds = new Map<Bundled, Promise<void>>();
		const changed = (file: string): void => {
			if (/function\.ts$|functions\/index\.ts$|\.sql$/.test(file)) onShape(file);
			for (const name of bundles) {
				if (!(file in (this.#inputs[name] ?? {})) || changedAt(file) === this.#inputs[name]?.[file]) continue;
				// One build after the other; a change during a build is seen by the next.
				const before = builds.get(name) ?? Promise.resolve();
				const built = before
					.catch(() => {})
					.then(async () => {
						if (this.#isStale(name)) await this.#build(name);
					});
				builds.set(name, built);
				onChange(name, built);
			}
		};
		const watchers = ['functions', 'eventing', 'web'].map((folder) =>
			watch(join(root, folder), { recursive: true }, (_event, file) => {
				if (file) changed(join(folder, file));
			}),
		);
		return () => {
			for (const watcher of watchers) watcher.close();
			writeFileSync(record, JSON.stringify(this.#inputs));
		};
	}
}

/** When a file changed, by its path from the root; 0 when it is gone. */
const changedAt = (file: string): number => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
