import { expect, test } from 'vitest';
import type { Todo } from '../../functions/todo/api.ts';
import { applied, type Change, settled } from './changes.ts';

const todo = (id: number, done = false): Todo => ({
	id,
	title: `No. ${id}`,
	done,
	status: done ? 'Done' : 'Pending',
	position: id,
	created_at: '2026-01-05T09:00:00.000Z',
});
const list = [todo(1), todo(2, true), todo(3), todo(4, true)];
const ids = (todos: readonly Todo[]): number[] => todos.map(({ id }) => id);

test.each<[string, Change, number[]]>([
	['moves a todo to the front', { kind: 'move', id: 3, before: 1 }, [3, 1, 2, 4]],
	['moves a todo in front of a later one', { kind: 'move', id: 1, before: 4 }, [2, 3, 1, 4]],
	['moves a todo to the end', { kind: 'move', id: 1, before: null }, [2, 3, 4, 1]],
	['leaves a todo where it is', { kind: 'move', id: 2, before: 3 }, [1, 2, 3, 4]],
	['ignores a move in front of a deleted todo', { kind: 'move', id: 1, before: 9 }, [1, 2, 3, 4]],
	['removes a todo', { kind: 'remove', id: 2 }, [1, 3, 4]],
	['removes all done todos', { kind: 'clear' }, [1, 3]],
	['adds a todo', { kind: 'add', key: -1, title: 'New' }, [1, 2, 3, 4, -1]],
])('%s', (_, change, wanted) => expect(ids(applied(list, change))).toEqual(wanted));

test('renames or ticks a todo without changing anything else', () => {
	const [renamed] = applied(list, { kind: 'edit', id: 1, title: 'Other' });
	expect(renamed).toEqual({ ...todo(1), title: 'Other' });
	const [ticked] = applied(list, { kind: 'edit', id: 1, done: true });
	expect(ticked).toEqual(todo(1, true));
});

test('contains an added todo once, whether or not the list was refetched', () => {
	const add: Change = { kind: 'add', key: -1, title: 'No. 5' };
	expect(ids(settled(list, add, todo(5)))).toEqual([1, 2, 3, 4, 5]);
	expect(ids(settled([...list, todo(5)], add, todo(5)))).toEqual([1, 2, 3, 4, 5]);
});
