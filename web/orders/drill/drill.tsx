import { words } from '../../language.ts';
import { AdminScreen } from '../../ui/admin-only.tsx';
import { DrillSteps } from './drill-steps.tsx';

const useWords = words(
	{
		title: 'Break it',
		lead: 'Break a function on purpose, so that it fails to handle every event. The shop still takes orders, and their events wait and are retried. Repair the function, and each event is handled exactly once.',
	},
	{
		title: 'Exercice de panne',
		lead: 'Cassez une fonction exprès, pour qu’elle échoue à chaque événement. La boutique continue de prendre les commandes, et leurs événements attendent et sont réessayés. Réparez la fonction, et chaque événement est traité une seule fois.',
	},
);

export default function Drill() {
	const text = useWords();
	return (
		<AdminScreen title={text.title} lead={text.lead}>
			<DrillSteps />
		</AdminScreen>
	);
}
