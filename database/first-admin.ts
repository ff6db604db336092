import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { urlOf } from './roles.ts';

/** The e-mail address of the first admin. */
export const firstAdmin = 'admin@bodega.local';

/**
 * Creates the first admin if no admin exists, with the given password or a random one.
 * @returns the password, if an admin was created; it is not stored anywhere else
 */
export async function makeFirstAdmin(ownerUrl: string, given?: string): Promise<string | undefined> {
	const client = new pg.Client({ connectionString: urlOf(ownerUrl, 'users'), application_name: 'bodega first admin' });
	await client.connect();
	try {
		const { rowCount: there } = await client.query(`select from users where 'admin' = any (roles) limit 1`);
		if (there) return undefined;
		const password = given || randomBytes(15).toString('base64url');
		const { hashPassword } = await import('../kit/auth/password.ts');
		const { rowCount: made } = await client.query(
			`insert into users (email, name, password_hash, roles) values ($1, 'Admin', $2, '{admin,user}') on conflict (email) do nothing`,
			[firstAdmin, await hashPassword(password)],
		);
		return made ? password : undefined;
	} finally {
		await client.end();
	}
}
