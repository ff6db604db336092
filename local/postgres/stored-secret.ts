import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Returns the secret in a file that only its owner can read, and makes it first if there is none. An atomic link stores it:
 * of two processes one succeeds, and neither reads a partial one.
 */
export function storedSecret(file: string, make: () => string): string {
	if (!existsSync(file)) {
		const draft = `${file}.${process.pid}`;
		writeFileSync(draft, make(), { mode: 0o600 });
		try {
			linkSync(draft, file);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		} finally {
			rmSync(draft);
		}
	}
	return readFileSync(file, 'utf8').trim();
}
