import { useEffect, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Todo } from '../../functions/todo/api.ts';
import { Problem } from '../api/problem.ts';
import { words } from '../language.ts';
import { announce } from '../ui/announce.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import { AddTodo } from './list/add-todo.tsx';
import { ClearDone } from './list/clear-done.tsx';
import { Filter, type Show, useShow } from './list/filter.tsx';
import { List } from './list/list.tsx';
import { Toast } from './toast.tsx';
import { useTodos } from './todos.ts';
import { Whose } from './whose.tsx';

const useWords = words(
	{
		refused: 'This could not be saved, and is as it was before.',
		ended: 'The session has ended. Sign in again, then do this once more.',
		deleted: (title: string) => `“${title}” is deleted.`,
		none: {
			all: 'Nothing to do. Write the first line.',
			pending: 'Nothing is pending: all is done.',
			done: 'Nothing is done yet.',
		},
	},
	{
		refused: 'L’enregistrement a échoué : tout est comme avant.',
		ended: 'La session a pris fin. Reconnectez-vous, puis recommencez.',
		deleted: (title: string) => `« ${title} » : supprimé.`,
		none: {
			all: 'Rien à faire. À vous d’écrire la première ligne.',
			pending: 'Plus rien à faire : tout est fait.',
			done: 'Rien n’est encore fait.',
		},
	},
);

const isShown: Readonly<Record<Show, (todo: Todo) => boolean>> = {
	all: () => true,
	pending: ({ done }) => !done,
	done: ({ done }) => done,
};

/** Keys of those that are being added: each another, and none an id. */
let keys = 0;

/** The notepad that the list is written on. */
export function Notepad() {
	const text = useWords();
	const show = useShow();
	const title = useId();
	const input = useRef<HTMLInputElement>(null);
	const { query, failure, act } = useTodos();
	const { doomed, doom, spare } = useDoom((id) => void act({ kind: 'remove', id }));
	const toInput = (): void => input.current?.focus();
	const undo = (): void => {
		if (!doomed) return;
		flushSync(spare);
		// Where it was deleted, if that line is shown.
		(document.querySelector<HTMLElement>(`[data-id="${doomed.id}"] .todo-remove`) ?? input.current)?.focus();
	};
	return (
		<section className="notepad" aria-labelledby={title}>
			<Whose id={title} />
			<AddTodo input={input} onAdd={(written) => act({ kind: 'add', key: --keys, title: written })} />
			{failure !== undefined && (
				<div className="stack">
					<Notice>{text.refused}</Notice>
					{failure instanceof Problem && failure.status === 401 ? (
						<Notice>{text.ended}</Notice>
					) : (
						<Failure error={failure} />
					)}
				</div>
			)}
			<Loaded query={query}>
				{(all) => {
					const todos = all.filter(({ id }) => id !== doomed?.id);
					const shown = todos.filter(isShown[show]);
					const done = todos.filter(isShown.done).length;
					return (
						<>
							<div className="todo-bar">
								<Filter counts={{ all: todos.length, pending: todos.length - done, done }} />
								<ClearDone
									count={done}
									onClear={() => {
										flushSync(() => {
											doom(undefined);
											void act({ kind: 'clear' });
										});
										toInput();
									}}
								/>
							</div>
							{shown.length ? (
								<List
									todos={todos}
									shown={shown}
									act={act}
									onRemove={(todo) => {
										doom(todo);
										announce(text.deleted(todo.title));
									}}
									onEmpty={toInput}
								/>
							) : (
								<p className="empty">{text.none[show]}</p>
							)}
						</>
					);
				}}
			</Loaded>
			{doomed && (
				<Toast key={doomed.id} onUndo={undo} onEnd={() => doom(undefined)}>
					{text.deleted(doomed.title)}
				</Toast>
			)}
		</section>
	);
}

/**
 * What is deleted stays in the shop as long as it can be taken back, and is only not shown: so nothing has to be added again,
 * with another number and in another place, and a tab that is closed too early loses nothing. It is deleted when its time is
 * over, when something else is, or when one goes to another screen.
 */
function useDoom(remove: (id: number) => void) {
	const [doomed, setDoomed] = useState<Todo>();
	const left = useRef<() => void>(undefined);
	useEffect(() => {
		left.current = () => doomed && remove(doomed.id);
	});
	useEffect(() => () => left.current?.(), []);
	return {
		doomed,
		/** Deletes the one before for good, and this one for now. */
		doom(todo: Todo | undefined): void {
			left.current?.();
			setDoomed(todo);
		},
		spare: () => setDoomed(undefined),
	};
}
