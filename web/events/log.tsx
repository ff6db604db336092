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
		none: 'Nothing has happened yet. Order a book, and its events come up here by themselves.',
		noneOf: 'Nothing like this has happened yet. What does comes up here by itself.',
	},
	{
		label: 'Événements, les plus récents d’abord',
		fresh: (count: number) => (count === 1 ? '1 nouvel événement' : `${count} nouveaux événements`),
		none: 'Il ne s’est encore rien passé. Commandez un livre : ses événements s’afficheront ici d’eux-mêmes.',
		noneOf: 'Il ne s’est encore rien passé de tel. Ce qui arrivera s’affichera ici de soi-même.',
	},
);

interface Props {
	readonly type: string | undefined;
	readonly subject: string | undefined;
	readonly paused: boolean;
}

/** The events of a type and about a subject, or all. New ones come in on top, but not while one reads further down or has paused. */
export function Log({ type, subject, paused }: Props) {
	const text = useWords();
	const list = useList('GET /api/events', { query: { type, subject, limit: 50 } });
	const live = useLive({ type, subject });
	const events = useMemo(
		() => list.rows && merge(list.rows, live, list.hasNextPage),
		[list.rows, live, list.hasNextPage],
	);
	const lines = useRef<HTMLOListElement>(null);
	const top = useRef<HTMLDivElement>(null);
	const holding = useScrolledPast(top) || paused;
	/** The newest that is shown while newer ones are held back. */
	const [upTo, setUpTo] = useState<string>();
	const newest = events?.[0]?.id ?? '';
	if (events && holding !== (upTo !== undefined)) setUpTo(holding ? newest : undefined);
	const shown = useMemo(() => events && upToHere(events, upTo), [events, upTo]);
	const held = events && shown ? events.length - shown.length : 0;
	useSaid(shown);
	const release = (): void => {
		// Drawn at once: the browser keeps in place what is in sight when lines come in above it, so they come before the scrolling.
		flushSync(() => setUpTo(newest));
		// What had the focus is gone; who reads on does so from the newest.
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
			<Loaded query={{ data: shown, error: list.error }}>
				{(rows) =>
					rows.length > 0 ? (
						<ol ref={lines} className="card event-lines" aria-label={text.label} tabIndex={-1}>
							{rows.map((event) => (
								<EventLine key={event.id} event={event} />
							))}
						</ol>
					) : (
						<p className="empty">{type || subject ? text.noneOf : text.none}</p>
					)
				}
			</Loaded>
			<More list={list} />
		</div>
	);
}
