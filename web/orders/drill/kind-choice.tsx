import type { Kind } from '../../drills/sentence.tsx';
import { words } from '../../language.ts';

export const kinds = ['outage', 'latency', 'failures', 'poison', 'broker'] as const satisfies readonly Kind[];

const useWords = words(
	{
		label: 'Kind of fault',
		outage: [
			'Outage',
			'The function fails to handle every event. Ends after five minutes; then the events are published again.',
		],
		latency: ['Latency', 'Each event takes longer, and nothing fails. Ends after five minutes.'],
		failures: ['Failures', 'A part of the attempts fails, and the Broker retries them. Ends after five minutes.'],
		poison: [
			'Poison event',
			'The function can’t handle the next event of a type. It becomes a dead letter within seconds; replay it when the drill ends, after five minutes.',
		],
		broker: [
			'Broker’s memory',
			'The Broker forgets every event it holds. They are published again from the database after a minute.',
		],
	},
	{
		label: 'Sorte de panne',
		outage: [
			'Panne',
			'La fonction échoue à chaque événement. Fin après cinq minutes ; les événements sont alors republiés.',
		],
		latency: ['Lenteur', 'Chaque événement prend plus de temps, sans échec. Fin après cinq minutes.'],
		failures: ['Échecs', 'Une partie des essais échoue, et le Broker les refait. Fin après cinq minutes.'],
		poison: [
			'Événement poison',
			'La fonction ne peut pas traiter le prochain événement d’un type. Il devient une lettre morte en quelques secondes ; rejouez-la à la fin de l’exercice, après cinq minutes.',
		],
		broker: [
			'Mémoire du Broker',
			'Le Broker oublie tous les événements qu’il détient. Ils sont republiés depuis la base de données après une minute.',
		],
	},
);

interface Props {
	readonly chosen: Kind;
	readonly onChoose: (kind: Kind) => void;
}

/** The kinds of drills, each with what will happen and when it ends. */
export function KindChoice({ chosen, onChoose }: Props) {
	const text = useWords();
	return (
		<fieldset className="drill-kinds">
			<legend>{text.label}</legend>
			{kinds.map((kind) => {
				const [name, line] = text[kind];
				return (
					<label key={kind}>
						<input
							type="radio"
							className="tick"
							name="kind"
							checked={kind === chosen}
							onChange={() => onChoose(kind)}
						/>
						<span>
							<b>{name}</b> <span className="quiet small">{line}</span>
						</span>
					</label>
				);
			})}
		</fieldset>
	);
}
