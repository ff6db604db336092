import { ActiveDrills } from '../drills/active-drills.tsx';
import { words } from '../language.ts';
import { AdminScreen } from '../ui/admin-only.tsx';
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

export default function DeadLetters() {
	const text = useWords();
	return (
		<AdminScreen title={text.title} lead={text.lead}>
			<ActiveDrills />
			<Letters />
		</AdminScreen>
	);
}
