import type { ComponentProps, ReactNode } from 'react';
import type { Book } from '../../functions/books/api.ts';
import { words } from '../language.ts';
import { Loaded } from '../ui/loaded.tsx';
import { More } from '../ui/more.tsx';
import { NothingFound } from '../ui/nothing-found.tsx';

const useWords = words(
	{
		shelf: 'On the shelves',
		empty: 'The shelves are empty. New books appear here.',
	},
	{
		shelf: 'En rayon',
		empty: 'Les rayons sont vides. Les nouveaux livres apparaîtront ici.',
	},
);

interface Props {
	readonly list: ComponentProps<typeof More>['list'] & {
		readonly rows: readonly Book[] | undefined;
		readonly error: Error | null;
	};
	readonly searched: string | undefined;
	readonly card: (book: Book) => ReactNode;
}

/** The books on their boards, or a message that there are none. */
export function Shelf({ list, searched, card }: Props) {
	const text = useWords();
	return (
		<section className="stack" aria-labelledby="shelf">
			<h2 id="shelf" className="unseen">
				{text.shelf}
			</h2>
			<Loaded query={{ data: list.rows, error: list.error }} waiting={<Waiting />}>
				{(books) =>
					books.length > 0 ? (
						<ul className="shelves">{books.map(card)}</ul>
					) : searched ? (
						<NothingFound searched={searched} />
					) : (
						<p className="empty">{text.empty}</p>
					)
				}
			</Loaded>
			<div>
				<More list={list} />
			</div>
		</section>
	);
}

/** A placeholder for the shelf while the books load. */
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
