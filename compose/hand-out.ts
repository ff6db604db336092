import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { newSecret } from '../database/roles.ts';
import { credentials } from './addresses.ts';
import { credentialLines } from './credentials.ts';

const password = process.env['POSTGRES_PASSWORD'];
if (!password) throw new Error('POSTGRES_PASSWORD is not set: expected the password of the database’s owner');
const folder = join(dirname(process.argv[1] ?? '.'), 'credentials');

/** The secret of the roles' passwords. It is beside the owner's URL, in the volume that only the migration mounts. */
const secretFile = join(folder, 'migrate', 'role-secret');
if (!existsSync(secretFile)) writeFileSync(secretFile, newSecret(), { mode: 0o400 });

/** Writes each container's credentials into its own volume, so that no function can read those of another. */
for (const [name, lines] of credentialLines(password, readFileSync(secretFile, 'utf8'))) {
	const file = join(folder, name, credentials.file);
	rmSync(file, { force: true }); // A read-only file can still be deleted.
	writeFileSync(file, lines, { mode: 0o400 });
}
