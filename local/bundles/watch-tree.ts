import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';

/** On Linux, Node's recursive watch loses a replaced file. Many editors and git save by replacing. */
const recursive = process.platform !== 'linux';

/**
 * Watches a folder and its subfolders. `onChange` receives the path of the changed, created or removed entry, starting
 * with `folder`, and the kind of event.
 */
export function watchTree(folder: string, onChange: (path: string, event: 'change' | 'rename') => void): () => void {
	const watchers = new Map<string, FSWatcher>();
	const add = (path: string): void => {
		const watcher = watch(path, { recursive }, (event, name) => {
			if (name === null) return;
			const changed = join(path, name);
			onChange(changed, event);
			if (recursive || event !== 'rename') return;
			watchers.get(changed)?.close();
			watchers.delete(changed);
			if (!isFolder(changed)) return;
			add(changed);
			// Entries created before the watch started.
			for (const entry of readdirSync(changed)) onChange(join(changed, entry), 'rename');
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
