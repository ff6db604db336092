import { Link, useSearchParams } from 'wouter';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { withParam } from '../../ui/search.tsx';

const shows = ['all', 'pending', 'done'] as const;
export type Show = (typeof shows)[number];

const useWords = words(
	{ label: 'Show', all: 'All', pending: 'Pending', done: 'Done' },
	{ label: 'Afficher', all: 'Tout', pending: 'À faire', done: 'Fait' },
);

export function useShow(): Show {
	const [params] = useSearchParams();
	return shows.find((show) => show === params.get('show')) ?? 'all';
}

export function Filter({ counts }: { readonly counts: Readonly<Record<Show, number>> }) {
	const text = useWords();
	const format = useFormat();
	const [params] = useSearchParams();
	const chosen = useShow();
	const address = (show: Show): string => {
		const shown = withParam(params, 'show', show === 'all' ? '' : show);
		return shown.size ? `/todo?${shown}` : '/todo';
	};
	return (
		<nav aria-label={text.label}>
			<ul className="todo-filter">
				{shows.map((show) => (
					<li key={show}>
						<Link href={address(show)} aria-current={show === chosen ? 'true' : undefined}>
							{text[show]} <span className="figures">{format.number(counts[show])}</span>
						</Link>
					</li>
				))}
			</ul>
		</nav>
	);
}
