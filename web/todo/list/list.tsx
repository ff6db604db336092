import { type KeyboardEvent, type PointerEvent, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Todo } from '../../../functions/todo/api.ts';
import { words } from '../../language.ts';
import { announce } from '../../ui/announce.tsx';
import { More } from '../../ui/more.tsx';
import { type Change, isNew } from '../changes.ts';
import { drag } from './drag.ts';
import { followerOf } from './reorder.ts';
import { Row } from './row.tsx';

const useWords = words(
	{
		hint: 'Drag to move, or use the arrow keys, Home and End.',
		moved: (to: number, count: number) => `Moved to ${to} of ${count}`,
		done: (title: string) => `${title}: done`,
		pending: (title: string) => `${title}: pending`,
	},
	{
		hint: 'À déplacer en glissant, ou avec les flèches, Origine et Fin.',
		moved: (to: number, count: number) => `En position ${to} sur ${count}`,
		done: (title: string) => `${title} : fait`,
		pending: (title: string) => `${title} : à faire`,
	},
);

/** The number of rows rendered first, and added by each "Show more". */
const some = 100;

/** The target index of a row for each key pressed on its handle. */
const placeByKey: Readonly<Record<string, (from: number, count: number) => number>> = {
	ArrowUp: (from) => from - 1,
	ArrowDown: (from) => from + 1,
	Home: () => 0,
	End: (_, count) => count - 1,
};

interface Props {
	/** The whole list; `shown` is the filtered part. */
	readonly todos: readonly Todo[];
	readonly shown: readonly Todo[];
	readonly act: (change: Change) => Promise<boolean>;
	readonly onRemove: (todo: Todo) => void;
	/** Moves the focus after the last row was removed. */
	readonly onEmpty: () => void;
}

export function List({ todos, shown, act, onRemove, onEmpty }: Props) {
	const text = useWords();
	const hint = useId();
	const list = useRef<HTMLOListElement>(null);
	const [drawn, setDrawn] = useState(some);
	const [renaming, rename] = useState<number>();
	// A todo being added is last; render all rows so that it is visible.
	if (drawn < shown.length && shown.some(isNew)) setDrawn(shown.length);

	const focus = (id: number | undefined, part: 'handle' | 'check' | 'name' | 'remove'): void => {
		const line = id === undefined ? undefined : list.current?.querySelector(`[data-id="${id}"]`);
		if (line) line.querySelector<HTMLElement>(`.todo-${part}`)?.focus();
		else onEmpty();
	};
	/** Returns the row that takes the place of a removed one. */
	const neighbor = (index: number): number | undefined => (shown[index + 1] ?? shown[index - 1])?.id;

	const move = (from: number, to: number): void => {
		const id = shown[from]?.id;
		if (id === undefined || to === from || to < 0 || to >= shown.length) return;
		const ids = (some: readonly Todo[]): number[] => some.map((todo) => todo.id);
		const before = followerOf(ids(todos), ids(shown), from, to);
		flushSync(() => {
			setDrawn(Math.max(drawn, to + 1));
			// A todo being added has no id yet and is always last.
			void act({ kind: 'move', id, before: before !== null && before < 0 ? null : before });
		});
		// Moving an element in the DOM makes it lose the focus.
		focus(id, 'handle');
		announce(text.moved(to + 1, shown.length));
	};
	const onHandleKey = (event: KeyboardEvent, from: number): void => {
		const place = placeByKey[event.key];
		if (!place || event.altKey || event.ctrlKey || event.metaKey) return;
		event.preventDefault();
		move(from, place(from, shown.length));
	};
	const onGrab = ({ nativeEvent, currentTarget }: PointerEvent<HTMLButtonElement>, from: number): void =>
		drag(nativeEvent, currentTarget, (to) => move(from, to));

	const tick = ({ id, title, done }: Todo, index: number): void => {
		const next = neighbor(index);
		flushSync(() => void act({ kind: 'edit', id, done: !done }));
		announce(done ? text.pending(title) : text.done(title));
		// The row disappears if the filter no longer matches it.
		if (!list.current?.querySelector(`[data-id="${id}"]`)) focus(next, 'check');
	};
	const renamed = ({ id, title: before }: Todo, title: string, left: boolean): void => {
		flushSync(() => {
			rename(undefined);
			if (title !== before) void act({ kind: 'edit', id, title });
		});
		if (!left) focus(id, 'name');
	};
	const remove = (todo: Todo, index: number): void => {
		const next = neighbor(index);
		flushSync(() => onRemove(todo));
		focus(next, 'remove');
	};

	return (
		<>
			<p id={hint} hidden>
				{text.hint}
			</p>
			<ol ref={list} className="todos">
				{shown.slice(0, drawn).map((todo, index) => (
					<Row
						key={todo.id}
						todo={todo}
						renaming={renaming === todo.id}
						hint={hint}
						onTick={() => tick(todo, index)}
						onRename={() => rename(todo.id)}
						onRenamed={(title, left) => renamed(todo, title, left)}
						onRemove={() => remove(todo, index)}
						onGrab={(event) => onGrab(event, index)}
						onHandleKey={(event) => onHandleKey(event, index)}
					/>
				))}
			</ol>
			<More
				list={{
					hasNextPage: shown.length > drawn,
					isFetchingNextPage: false,
					fetchNextPage: () => setDrawn(drawn + some),
				}}
			/>
		</>
	);
}
