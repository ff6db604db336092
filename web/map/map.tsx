import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { useAnswer } from '../api/query.ts';
import { useFunctions } from '../app/skyline.tsx';
import { ActiveDrills, useDrills } from '../drills/active-drills.tsx';
import { words } from '../language.ts';
import { useNarrow } from '../narrow.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Failure } from '../ui/notice.tsx';
import { Screen } from '../ui/screen.tsx';
import { Detail } from './detail.tsx';
import { InWords } from './in-words.tsx';
import { JustNow } from './just-now.tsx';
import { Legend } from './legend.tsx';
import { useLights } from './lights.ts';
import { Plan } from './plan.tsx';
import { Street } from './street.tsx';

const useWords = words(
	{
		title: 'Map',
		lead: 'Who calls whom, and where events go: drawn from what the functions declare, and lit up as events pass. Watching this page keeps gateway, info and event-log running.',
		following: 'watching events',
		waiting: 'connecting…',
	},
	{
		title: 'Plan',
		lead: 'Qui appelle qui, et où vont les événements : un plan tiré de ce que les fonctions déclarent, qui s’éclaire au passage des événements. Cette page garde en marche gateway, info et event-log.',
		following: 'événements suivis en direct',
		waiting: 'connexion…',
	},
);

export default function EventMap() {
	const text = useWords();
	const query = useAnswer('GET /api/map');
	const { data: states = [] } = useFunctions();
	const lights = useLights();
	const Drawing = useNarrow() ? Street : Plan;
	const drilled = new Set(useDrills().map((drill) => drill.function));
	const [params] = useSearchParams();
	const chosen = params.get('at') ?? undefined;
	/** The function or event type under the pointer or with the focus. */
	const [pointed, setPointed] = useState<string>();
	return (
		<Screen
			title={text.title}
			lead={text.lead}
			aside={
				<p role="status" className="stamp" data-kind={lights.following ? 'good' : 'wait'}>
					{lights.following ? text.following : text.waiting}
				</p>
			}
		>
			<ActiveDrills />
			<Failure error={lights.error} heals />
			<Loaded query={query}>
				{(shapes) => (
					<>
						<div className="map-and-notes">
							<div className="map-and-legend">
								<Drawing
									shapes={shapes}
									states={states}
									lights={lights}
									drilled={drilled}
									chosen={chosen}
									shown={pointed ?? chosen}
									onPoint={setPointed}
								/>
								<Legend />
							</div>
							<Detail shapes={shapes} shown={pointed ?? chosen} />
							<JustNow happenings={lights.happenings} />
						</div>
						<InWords shapes={shapes} />
					</>
				)}
			</Loaded>
		</Screen>
	);
}
