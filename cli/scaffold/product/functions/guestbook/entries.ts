import type { Queryable, Transaction } from '../../kit/data/database.ts';
import type { Entry, EntryInput } from './api.ts';

const columns = 'id, name, message, thanks, created_at';

export async function list(db: Queryable, limit: number, after = 0): Promise<Entry[]> {
	const sql = `select ${columns} from entries where id > $1 order by id limit $2`;
	return (await db.query<Entry>(sql, [after, limit])).rows;
}

export async function find(db: Queryable, id: number): Promise<Entry | undefined> {
	return (await db.query<Entry>(`select ${columns} from entries where id = $1`, [id])).rows[0];
}

/** Stores an entry, and announces it in the same transaction. */
export async function add(tx: Transaction<'guestbook.signed'>, { name, message }: EntryInput): Promise<Entry> {
	const sql = `insert into entries (name, message) values ($1, $2) returning ${columns}`;
	const [entry] = (await tx.query<Entry>(sql, [name, message])).rows as [Entry];
	await tx.emit('guestbook.signed', entry.id, { entry_id: entry.id, name });
	return entry;
}

export async function thank(db: Queryable, id: number, thanks: string): Promise<void> {
	await db.query('update entries set thanks = $2 where id = $1', [id, thanks]);
}
