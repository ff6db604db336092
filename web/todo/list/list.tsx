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
		hint: 'Drag it, or move it with the arrow keys, Home and End.',
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

/** How many lines are drawn at first, and more each time that more is asked for. */
const some = 100;

/** Where a key on the handle moves a row to. */
const placeByKey: Readonly<Record<string, (from: number, count: number) => number>> = {
	ArrowUp: (from) => from - 1,
	ArrowDown: (from) => from + 1,
	Home: () => 0,
	End: (_, count) => count - 1,
};

interface Props {
	/** The whole list, and those of it that are to be shown. */
	readonly todos: readonly Todo[];
	readonly shown: readonly Todo[];
	readonly act: (change: Change) => Promise<boolean>;
	readonly onRemove: (todo: Todo) => void;
	/** Where the keyboard goes when the last line is gone. */
	readonly onEmpty: () => void;
}

/** The lines of the list, which one puts into order, ticks, renames and deletes. */
export function List({ todos, shown, act, onRemove, onEmpty }: Props) {
	const text = useWords();
	const hint = useId();
	const list = useRef<HTMLOListElement>(null);
	const [drawn, setDrawn] = useState(some);
	const [renaming, rename] = useState<number>();
	// What is being added is the last, and seen however long the list is.
	if (drawn < shown.length && shown.some(isNew)) setDrawn(shown.length);

	/** Puts the keyboard to a part of a line. */
	const focus = (id: number | undefined, part: 'handle' | 'check' | 'name' | 'remove'): void => {
		const line = id === undefined ? undefined : list.current?.querySelector(`[data-id="${id}"]`);
		if (line) line.querySelector<HTMLElement>(`.todo-${part}`)?.focus();
		else onEmpty();
	};
	/** The line that takes the place of one that goes. */
	const neighbor = (index: number): number | undefined => (shown[index + 1] ?? shown[index - 1])?.id;

	const move = (from: number, to: number): void => {
		const id = shown[from]?.id;
		if (id === undefined || to === from || to < 0 || to >= shown.length) return;
		const ids = (some: readonly Todo[]): number[] => some.map((todo) => todo.id);
		const before = followerOf(ids(todos), ids(shown), from, to);
		flushSync(() => {
			setDrawn(Math.max(drawn, to + 1));
			// One that is being added has no number yet, and is the last.
			void act({ kind: 'move', id, before: before !== null && before < 0 ? null : before });
		});
		// The browser takes the keyboard from what is put elsewhere.
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
		// Where only what is pending is shown, what is done goes.
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
