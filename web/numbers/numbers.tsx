import type { PropsWithChildren } from 'react';
import { words } from '../language.ts';
import { Screen } from '../ui/screen.tsx';

const useWords = words(
	{ title: 'Numbers', lead: 'Computed by functions that start when you ask.' },
	{ title: 'Nombres', lead: 'Calculés par des fonctions qui démarrent à la demande.' },
);

export default function Numbers({ children }: PropsWithChildren) {
	const text = useWords();
	return (
		<Screen title={text.title} lead={text.lead}>
			<div className="numbers">{children}</div>
		</Screen>
	);
}
