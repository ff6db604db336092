import { useState } from 'react';
import { words } from '../../language.ts';
import { announce } from '../../ui/announce.tsx';
import { Button } from '../../ui/button.tsx';

const useWords = words({ copied: 'Copied' }, { copied: 'Copié' });

/** Copies a text to the clipboard. Renders nothing without a clipboard API, as on plain HTTP from another host. */
export function Copy({ label, text: copied }: { readonly label: string; readonly text: string }) {
	const text = useWords();
	const [done, setDone] = useState(false);
	if (!('clipboard' in navigator)) return null;
	const copy = async (): Promise<void> => {
		await navigator.clipboard.writeText(copied);
		setDone(true);
		announce(text.copied);
	};
	return (
		<Button onClick={() => void copy()} onBlur={() => setDone(false)}>
			{done ? `✓ ${text.copied}` : label}
		</Button>
	);
}
