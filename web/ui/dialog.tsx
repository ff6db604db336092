import { type ReactNode, useEffect, useId, useRef } from 'react';
import { words } from '../language.ts';
import { Button } from './button.tsx';

const useWords = words({ cancel: 'Cancel' }, { cancel: 'Annuler' });

interface Props {
	readonly title: string;
	readonly onClose: () => void;
	readonly children: ReactNode;
}

/** A modal dialog, open while it is rendered. Escape closes it, and the focus returns to where it was. */
export function Dialog({ title, onClose, children }: Props) {
	const dialog = useRef<HTMLDialogElement>(null);
	const id = useId();
	useEffect(() => {
		const before = document.activeElement;
		dialog.current?.showModal();
		return () => {
			if (before instanceof HTMLElement) before.focus();
		};
	}, []);
	return (
		<dialog ref={dialog} className="card dialog" aria-labelledby={id} onClose={onClose}>
			<h2 id={id}>{title}</h2>
			{children}
		</dialog>
	);
}

interface ConfirmProps extends Props {
	/** The label of the button that confirms: "Delete". */
	readonly verb: string;
	/** The label of the button that closes the dialog; by default "Cancel". */
	readonly keep?: string;
	readonly busy?: boolean;
	readonly onConfirm: () => void;
}

/** Asks for confirmation before an action that cannot be undone. */
export function Confirm({ title, verb, keep, busy = false, onConfirm, onClose, children }: ConfirmProps) {
	const text = useWords();
	return (
		<Dialog title={title} onClose={onClose}>
			<div className="stack">
				{children}
				<div className="row">
					<Button kind="danger" busy={busy} onClick={onConfirm}>
						{verb}
					</Button>
					<Button onClick={onClose}>{keep ?? text.cancel}</Button>
				</div>
			</div>
		</Dialog>
	);
}
