import type { KeyboardEvent, PointerEvent } from 'react';
import type { Todo } from '../../../functions/todo/api.ts';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { isNew } from '../changes.ts';
import { Rename } from './rename.tsx';

const useWords = words(
	{
		move: (title: string) => `Move ${title}`,
		done: 'Done',
		pending: 'Pending',
		saving: 'Saving…',
		rename: 'Rename',
		remove: 'Delete',
	},
	{
		move: (title: string) => `Déplacer ${title}`,
		done: 'Fait',
		pending: 'À faire',
		saving: 'Enregistrement…',
		rename: 'Renommer',
		remove: 'Supprimer',
	},
);

interface Props {
	readonly todo: Todo;
	readonly renaming: boolean;
	/** The id of the element that describes how to use the handle. */
	readonly hint: string;
	readonly onTick: () => void;
	readonly onRename: () => void;
	readonly onRenamed: (title: string, left: boolean) => void;
	readonly onRemove: () => void;
	readonly onGrab: (event: PointerEvent<HTMLButtonElement>) => void;
	readonly onHandleKey: (event: KeyboardEvent) => void;
}

export function Row({ todo, renaming, hint, ...on }: Props) {
	const { id, title, done } = todo;
	const text = useWords();
	// Without an id from the shop, the todo cannot be changed yet.
	const saving = isNew(todo);
	return (
		<li className="todo" data-id={id} data-done={done}>
			<button
				type="button"
				className="todo-handle frameless"
				aria-label={text.move(title)}
				aria-describedby={hint}
				disabled={saving}
				onPointerDown={on.onGrab}
				onKeyDown={on.onHandleKey}
			>
				<svg viewBox="0 0 12 20" aria-hidden="true">
					<path d="M3 4h.01M9 4h.01M3 10h.01M9 10h.01M3 16h.01M9 16h.01" />
				</svg>
			</button>
			<label className="todo-tick">
				<input className="todo-check tick" type="checkbox" checked={done} disabled={saving} onChange={on.onTick} />
				<span className="stamp" data-kind={done ? 'good' : 'quiet'}>
					{saving ? text.saving : done ? text.done : text.pending}
				</span>
				<span className="unseen">, {title}</span>
			</label>
			{renaming ? (
				<Rename title={title} onDone={on.onRenamed} />
			) : (
				// The rename button does the same for keyboard users.
				<p className="todo-title" onDoubleClick={saving ? undefined : on.onRename}>
					{title}
				</p>
			)}
			<div className="todo-actions">
				<Button kind="bare" className="todo-name" disabled={saving} onClick={on.onRename}>
					{text.rename} <span className="unseen">{title}</span>
				</Button>
				<Button kind="bare" className="todo-remove" disabled={saving} onClick={on.onRemove}>
					{text.remove} <span className="unseen">{title}</span>
				</Button>
			</div>
		</li>
	);
}
