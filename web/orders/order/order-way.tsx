import type { LoggedEvent } from '../../../functions/event-log/api.ts';
import { EventLine } from '../../events/event-line.tsx';
import { words } from '../../language.ts';
import { Loaded } from '../../ui/loaded.tsx';

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

interface Props {
	readonly way: { readonly data: readonly LoggedEvent[] | undefined; readonly error: Error | null };
}

export function OrderWay({ way }: Props) {
	const text = useWords();
	return (
		<section className="stack" aria-labelledby="way">
			<div>
				<h2 id="way">{text.title}</h2>
				<p className="lead">{text.lead}</p>
			</div>
			<Loaded query={way} empty={<p className="empty">{text.none}</p>}>
				{(events) => (
					<ol className="card event-lines">
						{events.map((event) => (
							<EventLine key={event.id} event={event} />
						))}
					</ol>
				)}
			</Loaded>
		</section>
	);
}
