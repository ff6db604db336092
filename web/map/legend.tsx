import { words } from '../language.ts';

const useWords = words(
	{
		label: 'Legend',
		call: 'calls over HTTP',
		event: 'publishes into the Broker, or reacts to it',
		schedule: 'is woken by a PingSource, at times in UTC',
		deadLetters: 'receives what was given up on',
		lit: 'an event goes by',
		failing: 'a delivery fails, and is tried again',
	},
	{
		label: 'Légende',
		call: 'appelle par HTTP',
		event: 'publie dans le Broker, ou y réagit',
		schedule: 'réveillée par une PingSource, aux heures UTC',
		deadLetters: 'reçoit ce qui a été abandonné',
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

/** What the lines of the map mean. */
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
