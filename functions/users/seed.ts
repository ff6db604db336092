import { randomBytes } from 'node:crypto';
import type { ClientBase } from 'pg';
import { shop } from '../../shop.ts';

/** Creates an admin unless there is one. Returns a line with the account and its password, for the operator. */
export async function seed(db: ClientBase, env: NodeJS.ProcessEnv): Promise<string | undefined> {
	const { rowCount: admins } = await db.query(`select from users where 'admin' = any (roles) limit 1`);
	if (admins) return undefined;
	const { ADMIN_PASSWORD: given } = env;
	const password = given || randomBytes(15).toString('base64url');
	const { hashPassword } = await import('../../kit/auth/password.ts');
	const { rowCount: created } = await db.query(
		`insert into users (email, name, password_hash, roles) values ($1, 'Admin', $2, '{admin,user}') on conflict (email) do nothing`,
		[shop.firstAdmin, await hashPassword(password)],
	);
	if (!created) return undefined;
	return `${shop.firstAdmin}; ${given ? 'its password is ADMIN_PASSWORD' : `password: ${password} (shown only now)`}`;
}
