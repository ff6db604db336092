import type { Queryable } from '../../kit/data/database.ts';

// A list's order is its todos' positions. Whoever puts one somewhere gives it the middle between its new neighbours, so that
// a move writes one row. It holds the list's lock for it: moves made at once come out as if made one after another.

/** Held until the transaction ends. Take it before touching a row, or two transactions may wait for each other. */
export async function lock(tx: Queryable, list: string): Promise<void> {
	await tx.query(`select pg_advisory_xact_lock(hashtextextended('todo ' || $1, 0))`, [list]);
}

/**
 * The position in front of another todo, or at the end for null; `id` is the todo to be put there, if it is in the list
 * already. Undefined when the other is not in the list. Wants the list's lock.
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
 * A position between two others, infinite where there is none; a whole one at the ends of a list. Undefined when there is
 * no number left between them: after some fifty halvings of the same gap.
 */
export function between(left: number, right: number): number | undefined {
	if (right === Number.POSITIVE_INFINITY) return left === Number.NEGATIVE_INFINITY ? 1 : Math.floor(left) + 1;
	if (left === Number.NEGATIVE_INFINITY) return Math.ceil(right) - 1;
	const middle = (left + right) / 2;
	return left < middle && middle < right ? middle : undefined;
}

/**
 * Makes room everywhere. The whole list goes up past every position it had: whoever is in the middle of its pages is given
 * some of it twice, but misses nothing.
 */
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
