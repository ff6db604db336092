import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';

/** On Linux Node's own recursive watch loses a file that is replaced, which is how many editors and git save one. */
const recursive = process.platform !== 'linux';

/**
 * Watches a folder and all below it. `onChange` is given the path, which begins with `folder`, of what was changed, made
 * or removed, and whether it was only changed.
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
			// What was put into it before it was watched.
			for (const entry of readdirSync(changed)) onChange(join(changed, entry), 'rename');
		});
		watcher.on('error', () => {}); // It was removed; the folder above tells.
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
