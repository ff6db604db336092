import { memo } from 'react';
import { Link } from 'wouter';
import type { LoggedEvent } from '../../functions/event-log/api.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { DeliveryStamps } from './event/delivery-stamps.tsx';
import { functionOf, shortType } from './naming.ts';

const useWords = words(
	{ subject: 'subject', hidden: 'private', from: (fn: string) => `from ${fn}` },
	{ subject: 'sujet', hidden: 'confidentiel', from: (fn: string) => `par ${fn}` },
);

/** A line of the event log. Memoized because the list can be long. */
export const EventLine = memo(function EventLine({ event }: { readonly event: LoggedEvent }) {
	const text = useWords();
	const { clock, moment } = useFormat();
	const today = new Date(event.time).toDateString() === new Date().toDateString();
	return (
		<li className="event-line">
			<time className="event-time" dateTime={event.time}>
				{today ? clock(event.time) : moment(event.time)}
			</time>
			<Link className="event-type" href={`/events/${encodeURIComponent(event.id)}`}>
				{shortType(event.type)}
			</Link>
			<span className="event-subject">
				<span className="quiet">{text.subject}</span> {event.subject ?? text.hidden}
			</span>
			<span className="quiet small">{text.from(functionOf(event.source))}</span>
			<DeliveryStamps deliveries={event.deliveries} />
		</li>
	);
});
