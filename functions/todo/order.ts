import type { Queryable } from '../../kit/data/database.ts';

// Positions define the order of a list. A moved todo gets the middle between its new neighbours, so that a move writes
// one row. Every move holds the list's lock, so that parallel moves have the same result as consecutive ones.

/** Locks a list until the transaction ends. Call it before locking any row, or two transactions can deadlock. */
export async function lock(tx: Queryable, list: string): Promise<void> {
	// Writes the row even if it is there, because only a written row is locked.
	await tx.query('insert into lists (list) values ($1) on conflict (list) do update set list = excluded.list', [list]);
}

/**
 * Returns the position in front of the todo `before`, or at the end of the list for null. `id` is the todo to move, if
 * it is already in the list. Returns undefined when `before` is not in the list. The caller must hold the list's lock.
 */
export async function place(
	tx: Queryable,
	list: string,
	before: number | null,
	id?: number,
): Promise<number | undefined> {
	const right = before === null ? Number.POSITIVE_INFINITY : await positionOf(tx, list, before);
	if (right === undefined) return undefined;
	const { rows } = await tx.query<{ left: number | null }>(
		`select max(position) as left from todos where list = $1 and position < $2 and id is distinct from $3`,
		[list, right, id ?? null],
	);
	const position = between(rows[0]?.left ?? Number.NEGATIVE_INFINITY, right);
	if (position !== undefined) return position;
	await spread(tx, list);
	return place(tx, list, before, id);
}

export async function positionOf(tx: Queryable, list: string, id: number): Promise<number | undefined> {
	const { rows } = await tx.query<{ position: number }>('select position from todos where list = $1 and id = $2', [
		list,
		id,
	]);
	return rows[0]?.position;
}

/**
 * Returns a position between two others, which are infinite at the ends of a list; there, the result is an integer.
 * Returns undefined when no number is left between them, after about fifty halvings of the same gap.
 */
export function between(left: number, right: number): number | undefined {
	if (right === Number.POSITIVE_INFINITY) return left === Number.NEGATIVE_INFINITY ? 1 : Math.floor(left) + 1;
	if (left === Number.NEGATIVE_INFINITY) return Math.ceil(right) - 1;
	const middle = (left + right) / 2;
	return left < middle && middle < right ? middle : undefined;
}

/** New positions are above all old ones, so a client that is reading pages gets some todos twice but misses none. */
async function spread(tx: Queryable, list: string): Promise<void> {
	await tx.query(
		`update todos set position = spread.position
		 from (
			select id, floor(max(position) over ()) + row_number() over (order by position) as position
			from todos where list = $1
		 ) as spread
		 where todos.id = spread.id`,
		[list],
	);
}
