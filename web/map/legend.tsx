import { words } from '../language.ts';

const useWords = words(
	{
		label: 'Legend',
		call: 'calls over HTTP',
		event: 'publishes to the Broker, or reacts to an event',
		schedule: 'is woken by a PingSource (times in UTC)',
		deadLetters: 'receives dead letters',
		lit: 'an event passes',
		failing: 'a delivery fails and is retried',
	},
	{
		label: 'Légende',
		call: 'appelle par HTTP',
		event: 'publie dans le Broker, ou réagit à un événement',
		schedule: 'réveillée par une PingSource, aux heures UTC',
		deadLetters: 'reçoit les lettres mortes',
		lit: 'un événement passe',
		failing: 'une livraison échoue et sera retentée',
	},
);

const samples = [
	['call', 'call'],
	['event', 'event'],
	['schedule', 'schedule'],
	['deadLetters', 'dead-letters'],
	['lit', 'event', 'lit'],
	['failing', 'event', 'failing'],
] as const;

export function Legend() {
	const text = useWords();
	return (
		<ul className="map-legend small" aria-label={text.label}>
			{samples.map(([word, kind, lit]) => (
				<li key={word}>
					<svg viewBox="0 0 36 12" aria-hidden="true">
						<path className="wire" d="M2 6H32M27 2L33 6L27 10" data-kind={kind} data-lit={lit} />
					</svg>
					{text[word]}
				</li>
			))}
		</ul>
	);
}
