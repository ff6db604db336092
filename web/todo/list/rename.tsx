import { useEffect, useRef, useState } from 'react';
import { words } from '../../language.ts';

const useWords = words({ title: 'New title' }, { title: 'Nouvel intitulé' });

interface Props {
	readonly title: string;
	/** It has its title, maybe the one it had. `left` is whether the keyboard is elsewhere already. */
	readonly onDone: (title: string, left: boolean) => void;
}

/** A title that is being changed, in its place: Enter or going elsewhere keeps what was typed, Escape what was there. */
export function Rename({ title, onDone }: Props) {
	const text = useWords();
	const input = useRef<HTMLInputElement>(null);
	const [typed, setTyped] = useState(title);
	useEffect(() => input.current?.select(), []);
	const finished = useRef(false);
	const finish = (kept: string, left: boolean): void => {
		// As it goes away the keyboard leaves it, which is no second end.
		if (finished.current) return;
		finished.current = true;
		onDone(kept, left);
	};
	const keep = (left: boolean): void => finish(typed.trim() || title, left);
	return (
		<input
			ref={input}
			className="todo-title todo-rename"
			aria-label={text.title}
			maxLength={200}
			value={typed}
			onChange={({ target }) => setTyped(target.value)}
			onKeyDown={(event) => {
				if (event.key === 'Escape') finish(title, false);
				// An Enter that ends the composing of a character is not meant for the field.
				if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
				// Nor is this one meant for the button that the keyboard goes to.
				event.preventDefault();
				keep(false);
			}}
			onBlur={() => keep(true)}
		/>
	);
}
