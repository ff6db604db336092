import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { Screen } from '../ui/screen.tsx';
import { Search, useSearched, withParam } from '../ui/search.tsx';
import { Log } from './log.tsx';
import { TypeSelect } from './type-select.tsx';

const useWords = words(
	{
		title: 'Events',
		lead: 'Everything that happens in the shop, live: each event, who published it and who handled it.',
		subject: 'Subject',
		pause: 'Pause',
		resume: 'Resume',
	},
	{
		title: 'Événements',
		lead: 'Tout ce qui se passe dans la boutique, en direct : chaque événement, qui l’a publié et qui l’a traité.',
		subject: 'Sujet',
		pause: 'Suspendre',
		resume: 'Reprendre',
	},
);

export default function Events() {
	const text = useWords();
	const [params, setParams] = useSearchParams();
	const [paused, setPaused] = useState(false);
	const type = params.get('type') || undefined;
	const [subject] = useSearched('subject');
	return (
		<Screen
			title={text.title}
			lead={text.lead}
			aside={<Button onClick={() => setPaused(!paused)}>{paused ? text.resume : text.pause}</Button>}
		>
			<div className="events-filters">
				<TypeSelect value={type} onChange={(chosen) => setParams((before) => withParam(before, 'type', chosen))} />
				<Search label={text.subject} name="subject" />
			</div>
			<Log key={`${type} ${subject}`} type={type} subject={subject} paused={paused} />
		</Screen>
	);
}
