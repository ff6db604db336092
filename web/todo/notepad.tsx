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
		refused: 'Your change could not be saved and was undone.',
		ended: 'The session has ended. Sign in again, then do this once more.',
		deleted: (title: string) => `“${title}” is deleted.`,
		none: {
			all: 'Nothing to do. Add the first to-do.',
			pending: 'Nothing pending. All done!',
			done: 'Nothing done yet.',
		},
	},
	{
		refused: 'Votre modification n’a pas pu être enregistrée : elle est annulée.',
		ended: 'La session a pris fin. Reconnectez-vous, puis recommencez.',
		deleted: (title: string) => `« ${title} » : supprimé.`,
		none: {
			all: 'Rien à faire. Ajoutez la première tâche.',
			pending: 'Plus rien à faire : tout est fait !',
			done: 'Rien n’est encore fait.',
		},
	},
);

const isShown: Readonly<Record<Show, (todo: Todo) => boolean>> = {
	all: () => true,
	pending: ({ done }) => !done,
	done: ({ done }) => done,
};

/** The last key of an added todo. Keys are negative and unique, so they differ from ids. */
let keys = 0;

export default function Notepad() {
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
		// Focus the restored row's delete button, or the input if the row is filtered out.
		(document.querySelector<HTMLElement>(`[data-id="${doomed.id}"] .todo-remove`) ?? input.current)?.focus();
	};
	return (
		<section className="card stack notepad" aria-labelledby={title}>
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
 * Delays a deletion while it can be undone. Until then the todo stays in the shop and is only hidden, so undoing keeps
 * its id and position, and closing the tab early deletes nothing. The deletion is sent when the time is over, when
 * another todo is deleted, or when the user leaves the screen.
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
		/** Sends the previous deletion and hides this todo. */
		doom(todo: Todo | undefined): void {
			left.current?.();
			setDoomed(todo);
		},
		spare: () => setDoomed(undefined),
	};
}
