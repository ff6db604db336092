import type { Order } from '../../functions/orders/api.ts';
import { shop } from '../../shop.ts';
import { useAnswer } from '../api/query.ts';
import { EventLine } from '../events/event-line.tsx';
import { useLive } from '../events/live.ts';
import { merge } from '../events/merge.ts';
import { traceOf } from '../events/naming.ts';
import { words } from '../language.ts';
import { Loaded } from '../ui/loaded.tsx';
import { isUnderWay, wayOf } from './way.ts';

const useWords = words(
	{
		title: 'Its way through the functions',
		lead: 'Each event is published by one function and handled by another.',
		none: 'No events found for this order.',
	},
	{
		title: 'Son chemin à travers les fonctions',
		lead: 'Chaque événement est publié par une fonction et traité par une autre.',
		none: 'Aucun événement trouvé pour cette commande.',
	},
);

export function OrderWay({ id }: Pick<Order, 'id'>) {
	const text = useWords();
	const placed = useAnswer('GET /api/events', {
		query: { type: `${shop.eventPrefix}.order.placed`, subject: String(id), limit: 1 },
	});
	const first = placed.data?.[0];
	const trace = first && traceOf(first.traceparent);
	const whole = useAnswer('GET /api/events', { query: { trace } }, { enabled: first !== undefined });
	const live = useLive({
		trace,
		enabled: first !== undefined && whole.data !== undefined && isUnderWay(wayOf(first, whole.data)),
	});
	return (
		<section className="stack" aria-labelledby="way">
			<div>
				<h2 id="way">{text.title}</h2>
				<p className="lead">{text.lead}</p>
			</div>
			<Loaded query={first ? whole : placed}>
				{(events) =>
					first ? (
						<ol className="card event-lines">
							{wayOf(first, merge(events, live)).map((event) => (
								<EventLine key={event.id} event={event} />
							))}
						</ol>
					) : (
						<p className="empty">{text.none}</p>
					)
				}
			</Loaded>
		</section>
	);
}
