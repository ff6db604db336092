import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { useAccount } from '../../api/account.ts';
import { ask } from '../../api/ask.ts';
import { refresh, useList } from '../../api/query.ts';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Failure } from '../../ui/notice.tsx';

const useWords = words(
	{
		book: 'Book in stock',
		order: 'Order one copy',
		placed: (id: number) => `Order ${id}`,
		taken: 'placed.',
		elsewhere: 'Or order in the shop, then come back.',
		none: 'No books in stock. Add some copies first.',
	},
	{
		book: 'Livre en stock',
		order: 'Commander un exemplaire',
		placed: (id: number) => `Commande ${id}`,
		taken: 'enregistrée.',
		elsewhere: 'Ou commandez dans la boutique, puis revenez.',
		none: 'Aucun livre n’est en stock. Ajoutez d’abord des exemplaires.',
	},
);

/** Orders a copy of a book, so that the broken function has an event to handle. */
export function PlaceOrder({ fn }: { readonly fn: string }) {
	const text = useWords();
	const account = useAccount();
	const list = useList('GET /api/books');
	const [chosen, setChosen] = useState<number>();
	const ordering = useMutation({
		mutationFn: (book_id: number) =>
			ask('POST /api/orders', {
				body: { customer_name: account?.name ?? `Drill of ${fn}`, lines: [{ book_id, quantity: 1 }] },
			}),
		onSuccess: () => refresh('GET /api/orders', 'GET /api/books'),
	});
	return (
		<Loaded query={{ data: list.data?.filter(({ stock }) => stock > 0), error: list.error }}>
			{(books) => {
				const book = books.find(({ id }) => id === chosen) ?? books[0];
				if (!book) return <Link href="/admin/books">{text.none}</Link>;
				return (
					<>
						<Select label={text.book} value={book.id} onChange={({ target }) => setChosen(Number(target.value))}>
							{books.map(({ id, title }) => (
								<option key={id} value={id}>
									{title}
								</option>
							))}
						</Select>
						<div className="row">
							<Button kind="main" busy={ordering.isPending} onClick={() => ordering.mutate(book.id)}>
								{text.order}
							</Button>
							<span role="status">
								{ordering.data && (
									<>
										<Link href={`/orders/${ordering.data.id}`}>{text.placed(ordering.data.id)}</Link> {text.taken}
									</>
								)}
							</span>
						</div>
						<Failure error={ordering.error} />
						<p className="small">
							<Link href="/">{text.elsewhere}</Link>
						</p>
					</>
				);
			}}
		</Loaded>
	);
}
