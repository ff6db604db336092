import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { credentials } from './addresses.ts';
import { credentialLines } from './credentials.ts';

/** Writes each container's credentials into its own volume, so that no function can read those of another. */
const password = process.env['POSTGRES_PASSWORD'];
if (!password) throw new Error('POSTGRES_PASSWORD is not set: expected the password of the database’s owner');
for (const [name, line] of credentialLines(password)) {
	const file = join(dirname(process.argv[1] ?? '.'), 'credentials', name, credentials.file);
	rmSync(file, { force: true }); // A read-only file can still be deleted.
	writeFileSync(file, line, { mode: 0o400 });
}
