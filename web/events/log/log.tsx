import { useCallback, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useList } from '../../api/query.ts';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { More } from '../../ui/more.tsx';
import { type Filters, hasStatus } from '../filter.ts';
import { useLive } from '../live.ts';
import { merge, upToHere } from '../merge.ts';
import { GroupLine } from './group-line.tsx';
import { groupsOf } from './groups.ts';
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
	readonly filters: Filters;
	readonly paused: boolean;
}

/** New causes are held back while the log is paused or scrolled down, and while the reader has unfolded one. */
export function Log({ filters, paused }: Props) {
	const text = useWords();
	const { status, function: fn } = filters;
	const list = useList('GET /api/events', { query: { ...filters, limit: 50 } });
	const live = useLive(filters);
	const events = useMemo(
		() =>
			list.data &&
			merge(list.data, live, list.hasNextPage).filter((event) => hasStatus({ status, function: fn }, event)),
		[list.data, live, list.hasNextPage, status, fn],
	);
	const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
	const toggle = useCallback(
		(trace: string) =>
			setUnfolded(
				(before) => new Set(before.has(trace) ? [...before].filter((each) => each !== trace) : [...before, trace]),
			),
		[],
	);
	const lines = useRef<HTMLOListElement>(null);
	const top = useRef<HTMLDivElement>(null);
	const holding = useScrolledPast(top) || paused || unfolded.size > 0;
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
				empty={<p className="empty">{Object.values(filters).some(Boolean) ? text.noneOf : text.none}</p>}
			>
				{(rows) => (
					<ol ref={lines} className="card event-lines" aria-label={text.label} tabIndex={-1}>
						{groupsOf(rows).map((group) => (
							<GroupLine key={group.trace} group={group} open={unfolded.has(group.trace)} onToggle={toggle} />
						))}
					</ol>
				)}
			</Loaded>
			<More list={list} />
		</div>
	);
}
