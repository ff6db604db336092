import { lazy, Suspense, useState } from 'react';
import { useSearchParams } from 'wouter';
import { isAdmin, useAccount } from '../api/account.ts';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { Screen } from '../ui/screen.tsx';
import { FilterFields, useFilters } from './log/filters.tsx';
import { Log } from './log/log.tsx';

const useWords = words(
	{
		title: 'Events',
		lead: 'Everything that happens in the shop, live: each event, who published it and who handled it.',
		pause: 'Pause',
		resume: 'Resume',
		publish: 'Publish an event',
	},
	{
		title: 'Événements',
		lead: 'Tout ce qui se passe dans la boutique, en direct : chaque événement, qui l’a publié et qui l’a traité.',
		pause: 'Suspendre',
		resume: 'Reprendre',
		publish: 'Publier un événement',
	},
);

const Publish = lazy(() => import('./publish/publish.tsx'));

export default function Events() {
	const text = useWords();
	const filters = useFilters();
	const admin = isAdmin(useAccount());
	const [params, setParams] = useSearchParams();
	const publish = (type: string | undefined): void =>
		setParams((before) => {
			const changed = new URLSearchParams(before);
			changed.delete('publish');
			if (type !== undefined) changed.set('publish', type);
			return changed;
		});
	const [paused, setPaused] = useState(false);
	return (
		<Screen
			title={text.title}
			lead={text.lead}
			aside={
				<div className="row">
					{admin && <Button onClick={() => publish(filters.type ?? '')}>{text.publish}</Button>}
					<Button onClick={() => setPaused(!paused)}>{paused ? text.resume : text.pause}</Button>
				</div>
			}
		>
			<FilterFields filters={filters} />
			<Log key={JSON.stringify(filters)} filters={filters} paused={paused} />
			{params.has('publish') && (
				<Suspense>
					<Publish onClose={() => publish(undefined)} />
				</Suspense>
			)}
		</Screen>
	);
}
