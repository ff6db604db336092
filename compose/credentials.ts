import { urlOf } from '../database/roles.ts';
import { functions } from '../functions/index.ts';
import { database } from './place.ts';

/** The line of environment by which a container connects to the database, for each function with data, and the owner's. */
export function credentialLines(ownerPassword: string): Map<string, string> {
	const owner = new URL(`postgresql://${database.owner}@${database.service}/${database.name}`);
	owner.password = encodeURIComponent(ownerPassword); // It takes a percent sign for the beginning of a code.
	const urls = [
		['migrate', owner.href] as const,
		...functions.filter(({ data }) => data).map(({ name }) => [name, urlOf(owner.href, name)] as const),
	];
	// In quotes: what a URL leaves as it is, a file of environment may not.
	return new Map(urls.map(([name, url]) => [name, `DATABASE_URL="${url}"\n`]));
}
