import { realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { printLine } from '../output.ts';
import { stopLeftover } from '../postgres/leftover.ts';

/**
 * Removes a shop's own files from its folder and leaves all others: `--data` can name a folder with other content.
 * @throws {Error} when a Postgres is running there.
 */
export async function forget(data: string): Promise<void> {
	await stopLeftover(join(realpathSync(data), 'postgres', 'data'), (line) => printLine('postgres', line));
	for (const name of ['postgres', 'control-token', 'role-secret', 'code-cache', 'triggers.yaml', 'types.json'])
		rmSync(join(data, name), { recursive: true, force: true });
}
