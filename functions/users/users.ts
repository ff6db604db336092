import type { Queryable, Transaction } from '../../kit/data/database.ts';
import type { User } from './api.ts';

const columns = 'id, email, name, roles, created_at';

/** Lists users in the order of their sign-up; `after` is a user's id. */
export async function list(db: Queryable, limit: number, after?: string): Promise<User[]> {
	const { rows } = await db.query<User>(`select ${columns} from users where id > $1 order by id limit $2`, [
		after ?? '00000000-0000-0000-0000-000000000000',
		limit,
	]);
	return rows;
}

export async function find(db: Queryable, id: string): Promise<User | undefined> {
	const { rows } = await db.query<User>(`select ${columns} from users where id = $1`, [id]);
	return rows[0];
}

export type Credentials = Pick<User, 'id' | 'email' | 'roles'> & { readonly password_hash: string };

/** For verifying a password only, because of the password hash. */
export async function credentialsOf(
	db: Queryable,
	by: Pick<User, 'id'> | Pick<User, 'email'>,
): Promise<Credentials | undefined> {
	const [column, value] = 'id' in by ? ['id', by.id] : ['email', by.email];
	const { rows } = await db.query<Credentials>(
		`select id, email, roles, password_hash from users where ${column} = $1`,
		[value],
	);
	return rows[0];
}

/** Replaces a password hash. Returns false if the account no longer has the old one. */
export async function setPassword(db: Queryable, id: string, oldHash: string, newHash: string): Promise<boolean> {
	const { rowCount } = await db.query('update users set password_hash = $3 where id = $1 and password_hash = $2', [
		id,
		oldHash,
		newHash,
	]);
	return rowCount === 1;
}

/** Deletes an account, with its sessions, unless it is the last admin. */
export async function remove(tx: Transaction, id: string): Promise<'deleted' | 'last admin' | 'gone'> {
	// The locks serialize parallel deletions of admins, so that one always remains.
	const { rows } = await tx.query<{ id: string }>(
		`select id from users where 'admin' = any (roles) order by id for no key update`,
	);
	if (rows.length === 1 && rows[0]?.id === id) return 'last admin';
	const { rowCount } = await tx.query('delete from users where id = $1', [id]);
	return rowCount ? 'deleted' : 'gone';
}

/** Adds a user. Returns undefined when the e-mail address already has an account. */
export async function add(
	db: Queryable,
	user: Pick<User, 'email' | 'name'>,
	passwordHash: string,
): Promise<User | undefined> {
	const { rows } = await db.query<User>(
		`insert into users (email, name, password_hash) values ($1, $2, $3) on conflict (email) do nothing returning ${columns}`,
		[user.email, user.name, passwordHash],
	);
	return rows[0];
}
