import { useMutation } from '@tanstack/react-query';
import type { Drill } from '../../functions/event-log/api.ts';
import { isAdmin, useAccount } from '../api/account.ts';
import { ask } from '../api/ask.ts';
import { queries, useAnswer } from '../api/query.ts';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/notice.tsx';
import { Countdown } from './countdown.tsx';
import { useSentence } from './sentence.tsx';
import { Starter } from './starter.tsx';

const useWords = words(
	{ label: 'Active drills', end: 'End this drill' },
	{ label: 'Exercices en cours', end: 'Terminer cet exercice' },
);

/** Returns the active drills, which only an admin can see. */
export function useDrills(): readonly Drill[] {
	const admin = isAdmin(useAccount());
	return useAnswer('GET /api/drills', undefined, { enabled: admin }).data ?? [];
}

/** A banner with the active drills, for admins. */
export function ActiveDrills() {
	const text = useWords();
	const drills = useDrills();
	if (drills.length === 0) return null;
	return (
		<section className="drills" aria-label={text.label}>
			{drills.map((drill) => (
				<ActiveDrill key={drill.function} drill={drill} />
			))}
		</section>
	);
}

function ActiveDrill({ drill }: { readonly drill: Drill }) {
	const text = useWords();
	const sentence = useSentence();
	const ending = useMutation({
		mutationFn: () => ask('DELETE /api/drills/:function', { params: { function: drill.function } }),
		// It is also over when somebody else has ended it.
		onSettled: () => queries.invalidateQueries({ queryKey: ['GET /api/drills'] }),
	});
	return (
		<div className="notice row" data-kind="wait">
			<p>
				{sentence(drill)} <Starter by={drill.started_by} /> <Countdown seconds={drill.seconds_left} />
			</p>
			<Button busy={ending.isPending} onClick={() => ending.mutate()}>
				{text.end}
			</Button>
			<Failure error={ending.error} />
		</div>
	);
}
