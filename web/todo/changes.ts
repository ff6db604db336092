import type { Todo } from '../../functions/todo/api.ts';

/** What one can do with a list. A todo that is being added has no id yet; `key`, below zero, stands for it. */
export type Change =
	| { readonly kind: 'add'; readonly key: number; readonly title: string }
	| { readonly kind: 'edit'; readonly id: number; readonly title?: string; readonly done?: boolean }
	| { readonly kind: 'move'; readonly id: number; readonly before: number | null }
	| { readonly kind: 'remove'; readonly id: number }
	| { readonly kind: 'clear' };

type Todos = readonly Todo[];

/** Whether a todo is on its way to the shop for the first time. */
export const isNew = ({ id }: Pick<Todo, 'id'>): boolean => id < 0;

/** The list as it is after a change; done twice it is the same, apart from `add`. */
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

/** The same once the shop has said yes: what was added is there as it says, once. */
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

/** As the shop does it: in front of another, or with null to the end; nowhere when the other is not there. */
function moved(todos: Todos, { id, before }: Extract<Change, { kind: 'move' }>): Todos {
	const todo = todos.find((each) => each.id === id);
	const others = todos.filter((each) => each.id !== id);
	const at = before === null ? others.length : others.findIndex((each) => each.id === before);
	return todo && at !== -1 ? others.toSpliced(at, 0, todo) : todos;
}
