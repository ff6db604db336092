import { words } from '../../language.ts';
import { AdminScreen } from '../../ui/admin-only.tsx';
import { DrillSteps } from './drill-steps.tsx';

const useWords = words(
	{
		title: 'Break it',
		lead: 'Inject a fault on purpose: a function that fails or is slow, a poison event, or a Broker that forgets. The shop still takes orders, and their events wait and are retried. End the drill, and each event is handled exactly once.',
	},
	{
		title: 'Exercice de panne',
		lead: 'Provoquez une panne exprès : une fonction qui échoue ou qui ralentit, un événement poison, ou un Broker qui oublie. La boutique continue de prendre les commandes, et leurs événements attendent et sont réessayés. Terminez l’exercice, et chaque événement est traité une seule fois.',
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
