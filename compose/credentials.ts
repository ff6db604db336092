import { type Owner, urlOf } from '../database/roles.ts';
import { functions } from '../functions/index.ts';
import { database } from './addresses.ts';

/**
 * Returns the environment file of the migration and of each function with data.
 * @param secret the secret that the roles' passwords derive from
 */
export function credentialLines(ownerPassword: string, secret: string): Map<string, string> {
	const url = new URL(`postgresql://${database.owner}@${database.service}/${database.name}`);
	url.password = encodeURIComponent(ownerPassword); // The setter does not encode percent signs.
	const owner: Owner = { url: url.href, secret };
	// Quoted, because some characters of a URL have a meaning in an environment file.
	const line = (href: string): string => `DATABASE_URL="${href}"\n`;
	return new Map([
		['migrate', `${line(owner.url)}ROLE_SECRET=${secret}\n`],
		...functions.filter(({ data }) => data).map(({ name }) => [name, line(urlOf(owner, name))] as const),
	]);
}
