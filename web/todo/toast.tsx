import { useEffect, useState } from 'react';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';

const useWords = words({ undo: 'Undo', keys: 'Ctrl+Z' }, { undo: 'Annuler', keys: 'Ctrl+Z' });

/** Milliseconds that it stays, counted anew when the pointer or the keyboard leaves it. */
const stay = 8_000;

interface Props {
	readonly children: string;
	readonly onUndo: () => void;
	/** It goes away: there is no way back any more. */
	readonly onEnd: () => void;
}

/** What was just done, with some seconds to take it back in: by its button, or from anywhere with Ctrl+Z. */
export function Toast({ children, onUndo, onEnd }: Props) {
	const text = useWords();
	const [pointed, setPointed] = useState(false);
	const [focused, setFocused] = useState(false);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the time runs from when it is left, whatever else is drawn again
	useEffect(() => {
		if (pointed || focused) return undefined;
		const timer = setTimeout(onEnd, stay);
		return () => clearTimeout(timer);
	}, [pointed, focused]);
	useEffect(() => {
		const onKey = (event: KeyboardEvent): void => {
			// Where one types it takes back what was typed.
			const typing = event.target instanceof HTMLInputElement && event.target.type !== 'checkbox';
			if (typing || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== 'z') return;
			event.preventDefault();
			onUndo();
		};
		document.addEventListener('keydown', onKey);
		return () => document.removeEventListener('keydown', onKey);
	}, [onUndo]);
	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: it only waits while somebody is at it
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
