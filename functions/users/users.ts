import type { Queryable } from '../../kit/data/database.ts';
import type { User } from './api.ts';

const columns = 'id, email, name, roles, created_at';

/** Lists users in the order of their sign-up; `after` is a user's id. */
export async function list(db: Queryable, limit: number, after?: string): Promise<User[]> {
	const { rows } = await db.query<User>(
		`select ${columns} from users where $1::uuid is null or id > $1 order by id limit $2`,
		[after ?? null, limit],
	);
	return rows;
}

export async function find(db: Queryable, id: string): Promise<User | undefined> {
	const { rows } = await db.query<User>(`select ${columns} from users where id = $1`, [id]);
	return rows[0];
}

type Credentials = Pick<User, 'id' | 'roles'> & { readonly password_hash: string };

/** For signing in only, because of the password hash. */
export async function findByEmail(db: Queryable, email: string): Promise<Credentials | undefined> {
	const { rows } = await db.query<Credentials>('select id, roles, password_hash from users where email = $1', [email]);
	return rows[0];
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
