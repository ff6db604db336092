import { DatabaseSync } from 'node:sqlite';

/** The error code of SQLite for a lock that another process holds: SQLITE_BUSY. */
const busy = 5;

/** The locks of this process, which would end with the objects that hold them. */
const held: DatabaseSync[] = [];

/**
 * Takes a lock until this process ends, and returns whether it was free. The operating system releases it then, so a crash
 * leaves nothing behind. Node has no locks of files, but its SQLite uses them.
 * @throws {Error} when the file cannot be written
 */
export function takeLock(file: string): boolean {
	const database = new DatabaseSync(file);
	try {
		database.exec('begin exclusive');
	} catch (error) {
		database.close();
		if ((error as { errcode?: number }).errcode !== busy) throw error;
		return false;
	}
	held.push(database);
	return true;
}
