import { words } from '../language.ts';
import { AdminOnly } from '../ui/admin-only.tsx';
import { Screen } from '../ui/screen.tsx';
import { Letters } from './letters.tsx';

const useWords = words(
	{
		title: 'Dead letters',
		lead: 'Events that a function has failed to handle until the Broker gave up. Nothing is lost: mend the function, then replay them.',
	},
	{
		title: 'Lettres mortes',
		lead: 'Des événements qu’une fonction n’a pas su traiter, jusqu’à ce que le Broker abandonne. Rien n’est perdu : réparez la fonction, puis rejouez-les.',
	},
);

/** The events that were given up on, for an admin to replay or to discard. */
export function DeadLetters() {
	const text = useWords();
	return (
		<Screen title={text.title} lead={text.lead}>
			<AdminOnly>
				<Letters />
			</AdminOnly>
		</Screen>
	);
}
