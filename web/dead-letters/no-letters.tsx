import { words } from '../language.ts';

const useWords = words(
	{
		none: 'There are no dead letters.',
		what: 'When a function fails to handle an event, the Broker retries for two minutes, with growing pauses. If every attempt fails, the event arrives here with its last error and waits until an admin replays or discards it.',
	},
	{
		none: 'Il n’y a pas de lettre morte.',
		what: 'Quand une fonction n’arrive pas à traiter un événement, le Broker réessaie pendant deux minutes, de plus en plus lentement. Si tous les essais échouent, l’événement arrive ici avec sa dernière erreur et attend qu’un admin le rejoue ou l’abandonne.',
	},
);

export function NoLetters() {
	const text = useWords();
	return (
		<div className="card stack">
			<p>
				<b>{text.none}</b>
			</p>
			<p className="lead">{text.what}</p>
		</div>
	);
}
