import type { Todo } from '../../functions/todo/api.ts';

/** A change to the list. A todo being added has no id yet, so a negative `key` identifies it. */
export type Change =
	| { readonly kind: 'add'; readonly key: number; readonly title: string }
	| { readonly kind: 'edit'; readonly id: number; readonly title?: string; readonly done?: boolean }
	| { readonly kind: 'move'; readonly id: number; readonly before: number | null }
	| { readonly kind: 'remove'; readonly id: number }
	| { readonly kind: 'clear' };

type Todos = readonly Todo[];

export const isNew = ({ id }: Pick<Todo, 'id'>): boolean => id < 0;

/** Returns the list after a change. All changes except `add` are idempotent. */
export function applied(todos: Todos, change: Change): Todos {
	switch (change.kind) {
		case 'add':
			return [...todos, added(change)];
		case 'edit':
			return todos.map((todo) => (todo.id === change.id ? edited(todo, change) : todo));
		case 'move':
			return moved(todos, change);
		case 'remove':
			return todos.filter(({ id }) => id !== change.id);
		case 'clear':
			return todos.filter(({ done }) => !done);
	}
}

/** Returns the list after the shop accepted a change. An added todo appears once, as `said` in the shop's response. */
export function settled(todos: Todos, change: Change, said: Todo | undefined): Todos {
	if (change.kind !== 'add') return applied(todos, change);
	return said && !todos.some(({ id }) => id === said.id) ? [...todos, said] : todos;
}

const added = ({ key, title }: Extract<Change, { kind: 'add' }>): Todo => ({
	id: key,
	title,
	done: false,
	status: 'Pending',
	position: Number.POSITIVE_INFINITY,
	created_at: new Date().toISOString(),
});

function edited(todo: Todo, { title = todo.title, done = todo.done }: Extract<Change, { kind: 'edit' }>): Todo {
	return { ...todo, title, done, status: done ? 'Done' : 'Pending' };
}

/** Moves a todo as the shop does: in front of another, or to the end for null. Does nothing if the other is missing. */
function moved(todos: Todos, { id, before }: Extract<Change, { kind: 'move' }>): Todos {
	const todo = todos.find((each) => each.id === id);
	const others = todos.filter((each) => each.id !== id);
	const at = before === null ? others.length : others.findIndex((each) => each.id === before);
	return todo && at !== -1 ? others.toSpliced(at, 0, todo) : todos;
}
