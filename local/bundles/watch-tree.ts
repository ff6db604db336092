import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';

/** On Linux, Node's recursive watch loses a replaced file. Many editors and git save by replacing. */
const recursive = process.platform !== 'linux';

/** Watches the entries of a folder. `onChange` receives the path of the changed, created or removed entry. */
export function watchFolder(folder: string, onChange: (path: string) => void): () => void {
	const watcher = watch(folder, (_event, name) => name !== null && onChange(join(folder, name)));
	watcher.on('error', () => {}); // The folder was removed.
	return () => watcher.close();
}

/**
 * Watches a folder and its subfolders. `onChange` receives the path of the changed, created or removed entry, starting
 * with `folder`. A subfolder that is moved away and back is watched again.
 */
export function watchTree(folder: string, onChange: (path: string) => void): () => void {
	const watchers = new Map<string, FSWatcher>();
	const add = (path: string): void => {
		watchers.get(path)?.close();
		const watcher = watch(path, { recursive }, (event, name) => {
			if (name === null) return;
			const changed = join(path, name);
			onChange(changed);
			if (recursive || event !== 'rename') return;
			for (const [watched, old] of watchers)
				if (watched === changed || watched.startsWith(`${changed}/`)) {
					old.close();
					watchers.delete(watched);
				}
			if (!isFolder(changed)) return;
			add(changed);
			// Entries created before the watch started.
			for (const entry of readdirSync(changed)) onChange(join(changed, entry));
		});
		watcher.on('error', () => {}); // The folder was removed; its parent's watcher reports it.
		watchers.set(path, watcher);
		if (recursive) return;
		for (const entry of readdirSync(path, { withFileTypes: true }))
			if (entry.isDirectory()) add(join(path, entry.name));
	};
	add(folder);
	return () => {
		for (const watcher of watchers.values()) watcher.close();
	};
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
