import { useEffect, useRef, useState } from 'react';
import { words } from '../../language.ts';

const useWords = words({ title: 'New title' }, { title: 'Nouvel intitulé' });

interface Props {
	readonly title: string;
	/** Called with the final title, which can be unchanged. `left` is whether the focus has already moved elsewhere. */
	readonly onDone: (title: string, left: boolean) => void;
}

/** An inline editor for a title. Enter or leaving the field saves it; Escape restores the old title. */
export function Rename({ title, onDone }: Props) {
	const text = useWords();
	const input = useRef<HTMLInputElement>(null);
	const [typed, setTyped] = useState(title);
	useEffect(() => input.current?.select(), []);
	const finished = useRef(false);
	const finish = (kept: string, left: boolean): void => {
		// Removing the field also fires `blur`, which must not finish twice.
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
				// Ignore an Enter that only confirms an input method's composition.
				if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
				// Keep this Enter from pressing the button that gets the focus next.
				event.preventDefault();
				keep(false);
			}}
			onBlur={() => keep(true)}
		/>
	);
}
