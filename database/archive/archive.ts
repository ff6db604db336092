import type { Archive } from '../retention/archive.ts';
import { archiveAt } from './place.ts';
import { archiveRemoved } from './removal.ts';

/** The place that stands for no archive. */
export const none = 'none';

/**
 * Returns the archive of removed events at the place that the variable `ARCHIVE` names, or nothing without one.
 * @throws {UsageError} when the place or the variables of its store are invalid
 */
export function archiveOf(
	place: string | undefined,
	env: NodeJS.ProcessEnv,
	log: (line: string) => void,
): Archive | undefined {
	if (!place || place === none) return undefined;
	const store = archiveAt(place, 'ARCHIVE', env);
	return (db, removed) => archiveRemoved(store, db, removed, log);
}
