import { randomBytes } from 'node:crypto';
import type { ClientBase } from 'pg';
import { shop } from '../../shop.ts';

/** Creates an admin unless there is one. Returns a line about the account and its password, for the operator. */
export async function seed(db: ClientBase, { ADMIN_PASSWORD: given }: NodeJS.ProcessEnv): Promise<string | undefined> {
	const { rows: admins } = await db.query<{ email: string; password_hash: string }>(
		`select email, password_hash from users where 'admin' = any (roles) order by email <> $1, id limit 1`,
		[shop.firstAdmin],
	);
	const [admin] = admins;
	if (admin && !given) return undefined;
	const { hashPassword, isPassword } = await import('../../kit/auth/password.ts');
	if (admin) {
		const isCurrent = await isPassword(given ?? '', admin.password_hash).catch(() => false);
		return isCurrent
			? `${admin.email}; its password is ADMIN_PASSWORD`
			: `${admin.email}; ADMIN_PASSWORD is ignored, because this admin already exists with another password. To set a new one: npx bodega admin password`;
	}
	const password = given || randomBytes(15).toString('base64url');
	const { rowCount: created } = await db.query(
		`insert into users (email, name, password_hash, roles) values ($1, 'Admin', $2, '{admin,user}') on conflict (email) do nothing`,
		[shop.firstAdmin, await hashPassword(password)],
	);
	if (!created) return undefined;
	return `${shop.firstAdmin}; ${given ? 'its password is ADMIN_PASSWORD' : `password: ${password} (shown only now)`}`;
}
