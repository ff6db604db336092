import { useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useList } from '../api/query.ts';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { More } from '../ui/more.tsx';
import { EventLine } from './event-line.tsx';
import { useLive } from './live.ts';
import { merge, upToHere } from './merge.ts';
import { useSaid } from './said.ts';
import { useScrolledPast } from './scrolled-past.ts';

const useWords = words(
	{
		label: 'Events, newest first',
		fresh: (count: number) => `${count} new event${count === 1 ? '' : 's'}`,
		none: 'No events yet. Use the shop and its events appear here.',
		noneOf: 'No matching events yet. New ones appear here.',
	},
	{
		label: 'Événements, les plus récents d’abord',
		fresh: (count: number) => (count === 1 ? '1 nouvel événement' : `${count} nouveaux événements`),
		none: 'Aucun événement pour l’instant. Utilisez la boutique : ses événements s’afficheront ici.',
		noneOf: 'Aucun événement ne correspond pour l’instant. Les nouveaux s’afficheront ici.',
	},
);

interface Props {
	readonly type: string | undefined;
	readonly subject: string | undefined;
	readonly paused: boolean;
}

/** New events are held back while the log is paused or scrolled down. */
export function Log({ type, subject, paused }: Props) {
	const text = useWords();
	const list = useList('GET /api/events', { query: { type, subject, limit: 50 } });
	const live = useLive({ type, subject });
	const events = useMemo(
		() => list.data && merge(list.data, live, list.hasNextPage),
		[list.data, live, list.hasNextPage],
	);
	const lines = useRef<HTMLOListElement>(null);
	const top = useRef<HTMLDivElement>(null);
	const holding = useScrolledPast(top) || paused;
	/** The id of the newest event shown; undefined while no events are held back. */
	const [upTo, setUpTo] = useState<string>();
	const newest = events?.[0]?.id ?? '';
	if (events && holding !== (upTo !== undefined)) setUpTo(holding ? newest : undefined);
	const shown = useMemo(() => events && upToHere(events, upTo), [events, upTo]);
	const held = events && shown ? events.length - shown.length : 0;
	useSaid(shown);
	const release = (): void => {
		// Render before scrolling: scroll anchoring would otherwise keep the old lines in view.
		flushSync(() => setUpTo(newest));
		// The focused button is gone, so move the focus to the list.
		lines.current?.focus({ preventScroll: true });
		top.current?.scrollIntoView();
	};
	return (
		<div className="events-log">
			<div ref={top} className="events-top" />
			<div className="events-held" role="status">
				{held > 0 && (
					<Button kind="main" onClick={release}>
						{text.fresh(held)}
					</Button>
				)}
			</div>
			<Loaded
				query={{ data: shown, error: list.error }}
				empty={<p className="empty">{type || subject ? text.noneOf : text.none}</p>}
			>
				{(rows) => (
					<ol ref={lines} className="card event-lines" aria-label={text.label} tabIndex={-1}>
						{rows.map((event) => (
							<EventLine key={event.id} event={event} />
						))}
					</ol>
				)}
			</Loaded>
			<More list={list} />
		</div>
	);
}
