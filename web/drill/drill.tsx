import { words } from '../language.ts';
import { AdminOnly } from '../ui/admin-only.tsx';
import { Screen } from '../ui/screen.tsx';
import { DrillSteps } from './drill-steps.tsx';

const useWords = words(
	{
		title: 'Break it',
		lead: 'Break a function on purpose: from then on whatever event reaches it, its handling fails. Orders go on being taken, and their events wait, retried again and again. Mend the function, and each of them is handled, once.',
	},
	{
		title: 'À casser',
		lead: 'Cassez une fonction exprès : dès lors, tout événement qui lui parvient échoue. Les commandes sont prises quand même, et leurs événements attendent, réessayés encore et encore. Réparez la fonction, et chacun est traité, une seule fois.',
	},
);

/** A drill, step by step. */
export function Drill() {
	const text = useWords();
	return (
		<Screen title={text.title} lead={text.lead}>
			<AdminOnly>
				<DrillSteps />
			</AdminOnly>
		</Screen>
	);
}
