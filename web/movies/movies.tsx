import { useList } from '../api/query.ts';
import { words } from '../language.ts';
import { Loaded } from '../ui/loaded.tsx';
import { More } from '../ui/more.tsx';
import { NothingFound } from '../ui/nothing-found.tsx';
import { Screen } from '../ui/screen.tsx';
import { Search, useSearched } from '../ui/search.tsx';
import { Sort, useSorted } from '../ui/sort.tsx';

const useWords = words(
	{
		title: 'Movies',
		where: 'Title',
		now: 'Now showing',
		found: (count: number, more: boolean) =>
			more ? `The first ${count} movies` : count === 1 ? '1 movie' : `${count} movies`,
		waiting: 'Loading movies…',
		orders: { added: 'First shown', '-added': 'Newest', title: 'Title, A to Z', '-title': 'Title, Z to A' },
		empty: 'No movies yet. New ones appear here.',
	},
	{
		title: 'Films',
		where: 'Titre',
		now: 'À l’affiche',
		found: (count: number, more: boolean) =>
			more ? `Les ${count} premiers films` : `${count} film${count > 1 ? 's' : ''}`,
		waiting: 'Chargement des films…',
		orders: {
			added: 'Plus anciens à l’affiche',
			'-added': 'Nouveautés',
			title: 'Titre, de A à Z',
			'-title': 'Titre, de Z à A',
		},
		empty: 'Aucun film pour l’instant. Les nouveaux apparaîtront ici.',
	},
);

const orders = ['added', '-added', 'title', '-title'] as const;

export default function Movies() {
	const text = useWords();
	const [searched] = useSearched('title');
	const movies = useList('GET /api/movies', { query: { title: searched, sort: useSorted(orders), limit: 24 } });
	return (
		<Screen
			title={text.title}
			aside={
				<div className="programme-choice">
					<Search name="title" label={text.where} />
					<Sort orders={orders} labels={text.orders} />
				</div>
			}
		>
			<section className="programme" aria-labelledby="programme">
				<div className="heading programme-top">
					<h2 id="programme">{text.now}</h2>
					<p className="small" role="status">
						{movies.data ? text.found(movies.data.length, movies.hasNextPage) : text.waiting}
					</p>
				</div>
				<Loaded
					query={movies}
					empty={searched ? <NothingFound name="title" searched={searched} /> : <p className="empty">{text.empty}</p>}
				>
					{(all) => (
						<ul className="programme-movies">
							{all.map(({ id, title, description }) => (
								<li key={id} className="programme-movie">
									<h3>{title}</h3>
									{description && <p>{description}</p>}
								</li>
							))}
						</ul>
					)}
				</Loaded>
			</section>
			<div>
				<More list={movies} />
			</div>
		</Screen>
	);
}
