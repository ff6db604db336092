import { memo } from 'react';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { Cause, colourOf } from '../cause.tsx';
import { kinds } from '../event/delivery-stamps.tsx';
import { EventLine } from '../event-line.tsx';
import { functionOf, shortType } from '../naming.ts';
import type { Group } from './groups.ts';

const useWords = words(
	{
		more: (count: number) => `and ${count} more`,
		from: (fns: string) => `from ${fns}`,
		label: 'Events in the order in which they followed',
		handled: (count: number) => `${count} handled`,
		pending: (count: number) => `${count} waiting`,
		failing: (count: number) => `${count} failing`,
		dead: (count: number) => `${count} dead letter${count === 1 ? '' : 's'}`,
		discarded: (count: number) => `${count} discarded`,
	},
	{
		more: (count: number) => `et ${count} autre${count > 1 ? 's' : ''}`,
		from: (fns: string) => `par ${fns}`,
		label: 'Événements dans l’ordre où ils se sont suivis',
		handled: (count: number) => `${count} traité${count > 1 ? 's' : ''}`,
		pending: (count: number) => `${count} en attente`,
		failing: (count: number) => `${count} en échec`,
		dead: (count: number) => (count > 1 ? `${count} lettres mortes` : '1 lettre morte'),
		discarded: (count: number) => `${count} abandonné${count > 1 ? 's' : ''}`,
	},
);

interface Props {
	readonly group: Group;
	readonly open: boolean;
	readonly onToggle: (trace: string) => void;
}

/** The events of one cause: a line that unfolds. A single event is a line of its own. */
export const GroupLine = memo(function GroupLine({ group, open, onToggle }: Props) {
	const text = useWords();
	const { dated } = useFormat();
	const { trace, origin, entries, statuses } = group;
	const first = entries[0]?.event;
	if (!first) return null;
	if (entries.length === 1) return <EventLine event={first} alone />;
	const id = `group-${trace}`;
	return (
		<li className="event-group" style={colourOf(origin)}>
			<div className="event-line">
				<time className="event-time" dateTime={first.time}>
					{dated(first.time)}
				</time>
				<button
					type="button"
					className="frameless event-unfold"
					aria-expanded={open}
					aria-controls={open ? id : undefined}
					onClick={() => onToggle(trace)}
				>
					<b>{shortType(first.type)}</b> {text.more(entries.length - 1)}
				</button>
				<span className="event-subject">
					<Cause origin={origin} />
				</span>
				<span className="quiet small">
					{text.from([...new Set(entries.map(({ event }) => functionOf(event.source)))].join(', '))}
				</span>
				<span className="delivery-stamps">
					{statuses.map(([status, count]) => (
						<span key={status} className="stamp" data-kind={kinds[status]}>
							{text[status](count)}
						</span>
					))}
				</span>
			</div>
			{open && (
				<ol id={id} className="event-members" aria-label={text.label}>
					{entries.map(({ event, depth }) => (
						<EventLine key={event.id} event={event} depth={depth} />
					))}
				</ol>
			)}
		</li>
	);
});
