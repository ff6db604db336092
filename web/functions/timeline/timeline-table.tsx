import type { FunctionState } from '../../../functions/info/api.ts';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
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

/** The accessible table version of the timeline. */
export function TimelineTable({ states, span }: { readonly states: readonly FunctionState[]; readonly span: Span }) {
	const text = useWords();
	const { clock, number } = useFormat();
	return (
		<details>
			<summary>{text.summary}</summary>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions must be keyboard-focusable */}
			<section className="scroll" tabIndex={0} aria-label={text.label}>
				<table className="table">
					<thead>
						<tr>
							<th scope="col">{text.target}</th>
							<th scope="col" className="number">
								{text.now}
							</th>
							<th scope="col" className="number">
								{text.most}
							</th>
							<th scope="col">{text.changes}</th>
						</tr>
					</thead>
					<tbody>
						{states.map(({ name, history }) => (
							<tr key={name}>
								<th scope="row">{name}</th>
								<td className="number">{number(instancesAt(history, span.to))}</td>
								<td className="number">{number(mostOf(history, span))}</td>
								<td>
									{changesOf(history, span)
										.map(({ at, instances }) => text.change(clock(at), number(instances)))
										.join(', ') || text.none}
								</td>
							</tr>
						))}
					</tbody>
				</table>
			</section>
		</details>
	);
}
