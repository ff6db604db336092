import type { ReactNode } from 'react';
import type { Book } from '../../functions/books/api.ts';
import type { useList } from '../api/query.ts';
import { words } from '../language.ts';
import { Loaded } from '../ui/loaded.tsx';
import { More } from '../ui/more.tsx';
import { NothingFound } from '../ui/nothing-found.tsx';
import { Refine } from './refine.tsx';

const useWords = words(
	{
		shelf: 'On the shelves',
		empty: 'The shelves are empty. New books appear here.',
		filtered: 'No book fits these filters.',
	},
	{
		shelf: 'En rayon',
		empty: 'Les rayons sont vides. Les nouveaux livres apparaîtront ici.',
		filtered: 'Aucun livre ne correspond à ces filtres.',
	},
);

interface Props {
	readonly list: ReturnType<typeof useList<'GET /api/books'>>;
	readonly searched: string | undefined;
	readonly isFiltered: boolean;
	readonly card: (book: Book) => ReactNode;
}

export function Shelf({ list, searched, isFiltered, card }: Props) {
	const text = useWords();
	return (
		<section className="stack" aria-labelledby="shelf">
			<h2 id="shelf" className="unseen">
				{text.shelf}
			</h2>
			<Refine />
			<Loaded
				query={list}
				waiting={<Waiting />}
				empty={
					isFiltered || !searched ? (
						<p className="empty">{isFiltered ? text.filtered : text.empty}</p>
					) : (
						<NothingFound searched={searched} />
					)
				}
			>
				{(books) => <ul className="shelves">{books.map(card)}</ul>}
			</Loaded>
			<div>
				<More list={list} />
			</div>
		</section>
	);
}

function Waiting() {
	return (
		<ul className="shelves shelves-waiting" aria-hidden="true">
			{[0, 1, 2].map((place) => (
				<li key={place} className="book">
					<article>
						<div className="book-cover" />
						<div className="book-board" />
					</article>
				</li>
			))}
		</ul>
	);
}
