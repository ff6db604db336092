import { words } from '../language.ts';
import { AdminOnly } from '../ui/admin-only.tsx';
import { Screen } from '../ui/screen.tsx';
import { Letters } from './letters.tsx';

const useWords = words(
	{
		title: 'Dead letters',
		lead: 'Events that a function failed to handle on every attempt of the Broker. Nothing is lost: repair the function, then replay them.',
	},
	{
		title: 'Lettres mortes',
		lead: 'Des événements qu’une fonction n’a pas pu traiter, malgré tous les essais du Broker. Rien n’est perdu : réparez la fonction, puis rejouez-les.',
	},
);

/** The dead letters, for an admin to replay or discard. */
export default function DeadLetters() {
	const text = useWords();
	return (
		<Screen title={text.title} lead={text.lead}>
			<AdminOnly>
				<Letters />
			</AdminOnly>
		</Screen>
	);
}
