import type { PropsWithChildren } from 'react';
import { words } from '../language.ts';
import { Screen } from '../ui/screen.tsx';

const useWords = words(
	{ title: 'Today', lead: 'Plan your day here.' },
	{ title: 'Aujourd’hui', lead: 'Organisez votre journée ici.' },
);

export default function Today({ children }: PropsWithChildren) {
	const text = useWords();
	return (
		<Screen title={text.title} lead={text.lead}>
			<div className="floor today">{children}</div>
		</Screen>
	);
}
