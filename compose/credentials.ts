import { urlOf } from '../database/roles.ts';
import { functions } from '../functions/index.ts';
import { database } from './addresses.ts';

/** Returns the line of the environment file with the database's URL, for the migration and each function with data. */
export function credentialLines(ownerPassword: string): Map<string, string> {
	const owner = new URL(`postgresql://${database.owner}@${database.service}/${database.name}`);
	owner.password = encodeURIComponent(ownerPassword); // The setter does not encode percent signs.
	const urls = [
		['migrate', owner.href] as const,
		...functions.filter(({ data }) => data).map(({ name }) => [name, urlOf(owner.href, name)] as const),
	];
	// Quoted, because some characters of a URL have a meaning in an environment file.
	return new Map(urls.map(([name, url]) => [name, `DATABASE_URL="${url}"\n`]));
}
