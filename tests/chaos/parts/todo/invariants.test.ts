import { expect, test } from 'vitest';
import type { Exchange } from '../../history.ts';
import { judge } from '../../invariants/invariant.ts';
import { invariants } from './invariants.ts';

const todo = (id: number, done = false) => ({
	...{ id, title: `todo ${id}`, done, status: done ? ('Done' as const) : ('Pending' as const), position: id },
	created_at: '2026-01-05T09:00:00.000Z',
});
const exchange = (operation: string, id: number, status: number, more: Partial<Exchange> = {}): Exchange => ({
	...{ client: 'Gus', fn: 'todo', operation, method: 'POST', path: `/api/todo/${id}`, headers: {}, sent: 0, ended: 1 },
	...{ status, ...more },
});
const add = (id: number, status = 201, answer: unknown = todo(id)): Exchange =>
	exchange('addTodo', id, status, { body: { title: `todo ${id}` }, answer });
const change = (id: number, done: boolean, status = 200): Exchange =>
	exchange('changeTodo', id, status, { body: { done } });
const remove = (id: number, status = 204): Exchange => exchange('removeTodo', id, status);

/** Two todos are there, the first is done; the third was deleted; the outcomes of the fourth and fifth are unknown. */
const exchanges = [
	add(1),
	add(2),
	change(1, false),
	change(1, true),
	add(3),
	remove(3),
	add(4, 503),
	add(5),
	remove(5, 503),
];
const todos = [todo(1, true), todo(2)];

const violated = (more: readonly Exchange[], list: readonly ReturnType<typeof todo>[]): string[] =>
	judge(
		invariants,
		{ exchanges: [...exchanges, ...more], faults: [], at: Date.parse },
		{ lists: new Map([['Gus', list]]) },
	)
		.filter(({ violations }) => violations.length)
		.map(({ claim }) => claim);

test('accepts a list in which every promise was kept, whatever became of the unknown', () => {
	expect(violated([], todos)).toEqual([]);
	expect(violated([change(2, true, 503)], [...todos, todo(4), todo(5)])).toEqual([]);
});

const nothing = { detail: 'The database does not answer. Nothing was changed.' };
test.each<[claim: string, more: readonly Exchange[], list: readonly ReturnType<typeof todo>[]]>([
	[
		'every acknowledged todo is in its list once, unless its user deleted it, and no other is there twice',
		[],
		[todo(1, true)],
	],
	[
		'every acknowledged todo is in its list once, unless its user deleted it, and no other is there twice',
		[],
		[...todos, todo(4), todo(4)],
	],
	['a deleted todo is gone', [], [...todos, todo(3)]],
	['a todo is done or not as its last change says', [], [todo(1), todo(2)]],
	['no answer says that nothing was changed when a todo was added', [add(6, 503, nothing)], [...todos, todo(6)]],
])('finds that %s', (claim, more, list) => {
	expect(violated(more, list)).toEqual([claim]);
});
