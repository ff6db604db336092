import { memo } from 'react';
import { Link } from 'wouter';
import type { LoggedEvent } from '../../functions/event-log/api.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { Cause, colourOf } from './cause.tsx';
import { DeliveryStamps } from './event/delivery-stamps.tsx';
import { functionOf, shortType } from './naming.ts';

const useWords = words(
	{ subject: 'subject', hidden: 'private', from: (fn: string) => `from ${fn}` },
	{ subject: 'sujet', hidden: 'confidentiel', from: (fn: string) => `par ${fn}` },
);

interface Props {
	readonly event: LoggedEvent;
	/** Indents the line: the number of events above it that led to this one. */
	readonly depth?: number;
	/** Whether nothing around the line names its cause. */
	readonly alone?: boolean;
}

/** A line of the event log. Memoized because the list can be long. */
export const EventLine = memo(function EventLine({ event, depth = 0, alone = false }: Props) {
	const text = useWords();
	const { dated } = useFormat();
	return (
		<li className="event-line" style={{ ...colourOf(event.origin), '--depth': depth } as object}>
			<time className="event-time" dateTime={event.time}>
				{dated(event.time)}
			</time>
			<Link className="event-type" href={`/events/${encodeURIComponent(event.id)}`}>
				{shortType(event.type)}
			</Link>
			<span className="event-subject">
				<span className="quiet">{text.subject}</span> {event.subject ?? text.hidden}
			</span>
			<span className="quiet small">
				{text.from(functionOf(event.source))} {alone && event.origin.id !== event.id && <Cause origin={event.origin} />}
			</span>
			<DeliveryStamps deliveries={event.deliveries} />
		</li>
	);
});
