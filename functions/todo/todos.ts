import type { Queryable, Transaction } from '../../kit/data/database.ts';
import { Problem } from '../../kit/http/problem.ts';
import type { Todo, TodoChange } from './api.ts';
import * as order from './order.ts';

const columns = `id, title, done, case when done then 'Done' else 'Pending' end as status, position, created_at`;

/** The maximum length of a list; needed because anyone can add to the shared list. */
const most = 1000;

/** Returns todos in the order of the list; `after` is a position. */
export async function read(
	db: Queryable,
	list: string,
	limit: number,
	after = Number.NEGATIVE_INFINITY,
	done?: boolean,
): Promise<Todo[]> {
	const { rows } = await db.query<Todo>(
		`select ${columns} from todos where list = $1 and position > $3 and ($4::boolean is null or done = $4)
		 order by position limit $2`,
		[list, limit, after, done ?? null],
	);
	return rows;
}

export async function find(db: Queryable, list: string, id: number): Promise<Todo | undefined> {
	const { rows } = await db.query<Todo>(`select ${columns} from todos where list = $1 and id = $2`, [list, id]);
	return rows[0];
}

/** Deletes a whole list. */
export async function drop(tx: Queryable, list: string): Promise<void> {
	await order.lock(tx, list);
	await tx.query('delete from todos where list = $1', [list]);
	await tx.query('delete from lists where list = $1', [list]);
}

/** Adds a todo to the end of the list. @throws {Problem} 409 when the list is full */
export async function add(tx: Transaction, list: string, title: string): Promise<Todo> {
	await order.lock(tx, list);
	const { rows: counted } = await tx.query<{ length: number }>('select count(*) as length from todos where list = $1', [
		list,
	]);
	if ((counted[0]?.length ?? 0) >= most)
		throw new Problem(
			409,
			`The list is full with ${most} todos. Delete one by its id, or all that are done with DELETE ?done=true.`,
		);
	const { rows } = await tx.query<Todo>(
		`insert into todos (list, title, position) values ($1, $2, $3) returning ${columns}`,
		[list, title, await order.place(tx, list, null)],
	);
	return rows[0] as Todo;
}

/** Changes the given fields of a todo. @throws {Problem} 409 when the todo `before` is not in the list */
export async function change(
	tx: Transaction,
	list: string,
	id: number,
	{ title, done, before }: TodoChange,
): Promise<Todo | undefined> {
	const position = before === undefined ? undefined : await destination(tx, list, id, before);
	const { rows } = await tx.query<Todo>(
		`update todos set title = coalesce($3, title), done = coalesce($4, done), position = coalesce($5, position)
		 where list = $1 and id = $2 returning ${columns}`,
		[list, id, title ?? null, done ?? null, position ?? null],
	);
	return rows[0];
}

/** Undefined for a missing todo, or a move before itself. @throws {Problem} 409 when `before` is not in the list */
async function destination(
	tx: Transaction,
	list: string,
	id: number,
	before: number | null,
): Promise<number | undefined> {
	await order.lock(tx, list);
	if (before === id || (await order.positionOf(tx, list, id)) === undefined) return undefined;
	const position = await order.place(tx, list, before, id);
	if (position !== undefined) return position;
	throw new Problem(
		409,
		`Cannot move the todo in front of todo ${before}, which is not in the list. Get the list to see whether it was deleted.`,
	);
}

export async function remove(db: Queryable, list: string, id: number): Promise<boolean> {
	const { rowCount } = await db.query('delete from todos where list = $1 and id = $2', [list, id]);
	return rowCount === 1;
}

export async function clear(tx: Transaction, list: string): Promise<number> {
	// The delete and `spread` both lock many rows, in different orders, so they could deadlock without the list's lock.
	await order.lock(tx, list);
	const { rowCount } = await tx.query('delete from todos where list = $1 and done', [list]);
	return rowCount ?? 0;
}
