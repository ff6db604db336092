import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { credentialLines } from './credentials.ts';
import { credentials } from './place.ts';

/** Puts each container's credentials into a volume that no other is given, so that no function knows what lets another in. */
const password = process.env['POSTGRES_PASSWORD'];
if (!password) throw new Error('the environment lacks POSTGRES_PASSWORD: the password of the database’s owner');
for (const [name, line] of credentialLines(password)) {
	const file = join(dirname(process.argv[1] ?? '.'), 'credentials', name, credentials.file);
	rmSync(file, { force: true }); // What may only be read may be removed all the same.
	writeFileSync(file, line, { mode: 0o400 });
}
