import { useEffect, useRef, useState } from 'react';
import { useList } from '../api/query.ts';
import { TourButton } from '../app/tour.tsx';
import { words } from '../language.ts';
import { Screen } from '../ui/screen.tsx';
import { Search, useSearched } from '../ui/search.tsx';
import { BookCard } from './book-card.tsx';
import { Cart } from './cart/cart.tsx';
import { useCustomer } from './customer.ts';
import { CustomerName } from './customer-name.tsx';
import { Receipt } from './receipt.tsx';
import { useRefined } from './refine.tsx';
import { Shelf } from './shelf.tsx';

const useWords = words(
	{
		title: 'Books',
		where: 'Title or author',
		waiting: 'Loading the books…',
		books: (count: number) => (count === 1 ? '1 book' : `${count} books`),
		first: (count: number) => `The first ${count} books`,
	},
	{
		title: 'Livres',
		where: 'Titre ou auteur',
		waiting: 'Chargement des livres…',
		books: (count: number) => `${count} livre${count > 1 ? 's' : ''}`,
		first: (count: number) => `Les ${count} premiers livres`,
	},
);

export default function Books() {
	const text = useWords();
	const customer = useCustomer();
	const [searched] = useSearched();
	const refined = useRefined();
	const books = useList('GET /api/books', { query: { search: searched, ...refined, limit: 24 } });
	const input = useRef<HTMLInputElement>(null);
	/** The order button that was pressed before there was a name. */
	const [wanted, want] = useState<{ readonly button: HTMLElement }>();
	useEffect(() => {
		if (wanted) input.current?.focus();
	}, [wanted]);
	const found = books.data?.length;
	return (
		<Screen
			title={text.title}
			className="bookshop"
			aside={
				<div className="bookshop-bar">
					<p className="bookshop-found" role="status">
						{found === undefined ? text.waiting : books.hasNextPage ? text.first(found) : text.books(found)}
					</p>
					<TourButton />
					<Search label={text.where} />
					<CustomerName
						customer={customer}
						input={input}
						missing={wanted !== undefined}
						onDone={() => customer?.name.trim() && wanted?.button.focus()}
					/>
				</div>
			}
		>
			<div className="floor bookshop-floor">
				<Shelf
					list={books}
					searched={searched}
					isFiltered={refined.in_stock !== undefined || refined.max_price !== undefined}
					card={(book) => (
						<BookCard key={book.id} book={book} customer={customer} onNameless={(button) => want({ button })} />
					)}
				/>
				<div className="bookshop-side">
					<Cart customer={customer} onNameless={(button) => want({ button })} />
					<Receipt />
				</div>
			</div>
		</Screen>
	);
}
