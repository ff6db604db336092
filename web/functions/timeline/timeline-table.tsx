import type { FunctionState } from '../../../functions/info/api.ts';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { Table } from '../../ui/table.tsx';
import { changesOf, instancesAt, mostOf, type Span } from './history.ts';

const useWords = words(
	{
		summary: 'As a table',
		label: 'Instances over the last ten minutes',
		target: 'Target',
		now: 'Now',
		most: 'Most',
		changes: 'Changes',
		change: (clock: string, instances: string) => `${clock}: ${instances}`,
		none: 'none',
	},
	{
		summary: 'En tableau',
		label: 'Les instances des dix dernières minutes',
		target: 'Cible',
		now: 'Maintenant',
		most: 'Au plus',
		changes: 'Changements',
		change: (clock: string, instances: string) => `${clock} : ${instances}`,
		none: 'aucun',
	},
);

export function TimelineTable({ states, span }: { readonly states: readonly FunctionState[]; readonly span: Span }) {
	const text = useWords();
	const { clock, number } = useFormat();
	return (
		<details>
			<summary>{text.summary}</summary>
			<Table
				label={text.label}
				heads={[text.target, text.now, text.most, text.changes]}
				numbers={[1, 2]}
				rows={states.map(({ name, history }) => {
					const changes = changesOf(history, span).map(({ at, instances }) =>
						text.change(clock(at), number(instances)),
					);
					const [now, most] = [instancesAt(history, span.to), mostOf(history, span)];
					return { key: name, cells: [name, number(now), number(most), changes.join(', ') || text.none] };
				})}
			/>
		</details>
	);
}
