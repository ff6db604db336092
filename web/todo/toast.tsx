import { useEffect, useState } from 'react';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';

const useWords = words({ undo: 'Undo', keys: 'Ctrl+Z' }, { undo: 'Annuler', keys: 'Ctrl+Z' });

interface Props {
	readonly children: string;
	readonly onUndo: () => void;
	readonly onEnd: () => void;
}

/** A message about the last action, which can be undone for some seconds with its button or with Ctrl+Z. */
export function Toast({ children, onUndo, onEnd }: Props) {
	const text = useWords();
	const [pointed, setPointed] = useState(false);
	const [focused, setFocused] = useState(false);
	// biome-ignore lint/correctness/useExhaustiveDependencies: rendering must not restart the timer
	useEffect(() => {
		// The time starts again when the pointer or the focus leaves the toast.
		if (pointed || focused) return undefined;
		const timer = setTimeout(onEnd, 8_000);
		return () => clearTimeout(timer);
	}, [pointed, focused]);
	useEffect(() => {
		const onKey = (event: KeyboardEvent): void => {
			// In a text field, Ctrl+Z undoes typing.
			const typing = event.target instanceof HTMLInputElement && event.target.type !== 'checkbox';
			if (typing || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== 'z') return;
			event.preventDefault();
			onUndo();
		};
		document.addEventListener('keydown', onKey);
		return () => document.removeEventListener('keydown', onKey);
	}, [onUndo]);
	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: the handlers only pause the timer
		<div
			className="toast"
			onPointerEnter={() => setPointed(true)}
			onPointerLeave={() => setPointed(false)}
			onFocus={() => setFocused(true)}
			onBlur={() => setFocused(false)}
		>
			<p className="todo-deleted">{children}</p>
			<Button onClick={onUndo} title={text.keys} aria-keyshortcuts="Control+Z Meta+Z">
				{text.undo}
			</Button>
		</div>
	);
}
