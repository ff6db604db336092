import { useList } from '../api/query.ts';
import { words } from '../language.ts';
import { Loaded } from '../ui/loaded.tsx';
import { More } from '../ui/more.tsx';
import { NothingFound } from '../ui/nothing-found.tsx';
import { Screen } from '../ui/screen.tsx';
import { Search, useSearched } from '../ui/search.tsx';

const useWords = words(
	{
		title: 'Movies',
		where: 'Title',
		now: 'Now showing',
		found: (count: number, more: boolean) =>
			more ? `The first ${count} movies` : count === 1 ? '1 movie' : `${count} movies`,
		waiting: 'Loading movies…',
		empty: 'No movies yet. New ones appear here.',
	},
	{
		title: 'Films',
		where: 'Titre',
		now: 'À l’affiche',
		found: (count: number, more: boolean) =>
			more ? `Les ${count} premiers films` : `${count} film${count > 1 ? 's' : ''}`,
		waiting: 'Chargement des films…',
		empty: 'Aucun film pour l’instant. Les nouveaux apparaîtront ici.',
	},
);

export default function Movies() {
	const text = useWords();
	const [searched] = useSearched('title');
	const movies = useList('GET /api/movies', { query: { title: searched, limit: 24 } });
	return (
		<Screen title={text.title} aside={<Search name="title" label={text.where} />}>
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
