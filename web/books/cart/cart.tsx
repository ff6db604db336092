import { type FormEvent, useRef } from 'react';
import { Link } from 'wouter';
import { Problem } from '../../api/problem.ts';
import { refresh, useList } from '../../api/query.ts';
import { useStore } from '../../api/store.ts';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/notice.tsx';
import type { Customer } from '../customer.ts';
import { usePlacing } from '../placing.ts';
import { Line } from './line.tsx';
import { totalOf } from './lines.ts';
import { cart } from './store.ts';

const useWords = words(
	{
		cart: 'Cart',
		copies: (count: number, written: string) => (count === 1 ? '1 copy' : `${written} copies`),
		total: 'Total',
		order: 'Order the cart',
		ordering: 'Ordering…',
		placed: (id: number) => `Order ${id}`,
		onTheRoll: 'placed.',
		bar: (copies: string) => `Cart: ${copies}`,
	},
	{
		cart: 'Panier',
		copies: (count: number, written: string) => `${written} exemplaire${count > 1 ? 's' : ''}`,
		total: 'Total',
		order: 'Commander le panier',
		ordering: 'Commande…',
		placed: (id: number) => `Commande ${id}`,
		onTheRoll: 'enregistrée.',
		bar: (copies: string) => `Panier : ${copies}`,
	},
);

interface Props {
	readonly customer: Customer | undefined;
	/** Called with the order button when a customer without a name presses it. */
	readonly onNameless: (button: HTMLElement) => void;
}

/** The books that this browser has set aside. They are ordered together, as one order. */
export function Cart({ customer, onNameless }: Props) {
	const text = useWords();
	const format = useFormat();
	const lines = useStore(cart);
	const heading = useRef<HTMLHeadingElement>(null);
	const button = useRef<HTMLButtonElement>(null);
	const placing = usePlacing();
	const query = { id: lines.map(({ book_id }) => book_id), limit: 20 };
	const found = useList('GET /api/books', { query }, { enabled: lines.length > 0 });
	const books = new Map(found.data?.map((book) => [book.id, book]));
	const isKnown = found.data !== undefined && !found.isPlaceholderData;
	const canOrder = isKnown && lines.every(({ book_id, quantity }) => quantity <= (books.get(book_id)?.stock ?? 0));
	const copies = lines.reduce((sum, { quantity }) => sum + quantity, 0);
	const total = format.money(totalOf(lines, (id) => books.get(id)?.price));

	const order = (event: FormEvent): void => {
		event.preventDefault();
		if (!customer || !button.current) return;
		const name = customer.name.trim();
		if (!name) {
			onNameless(button.current);
			return;
		}
		placing.mutate(
			{ customer_name: name, lines: [...lines] },
			{
				onSuccess: () => {
					cart.set([]);
					// The order button is gone with the books.
					heading.current?.focus();
				},
				onError: (error) => error instanceof Problem && error.status < 500 && refresh('GET /api/books'),
			},
		);
	};

	if (!lines.length && !placing.data) return null;
	return (
		<>
			<section className="card cart" aria-labelledby="cart">
				<div className="heading">
					<h2 id="cart" ref={heading} tabIndex={-1}>
						{text.cart}
					</h2>
					{copies > 0 && <p className="quiet">{text.copies(copies, format.number(copies))}</p>}
				</div>
				{lines.length > 0 && (
					<form onSubmit={order}>
						<ul>
							{lines.map((line) => (
								<Line key={line.book_id} line={line} book={books.get(line.book_id)} isKnown={isKnown} />
							))}
						</ul>
						<p className="cart-total">
							<span>{text.total}</span> <strong className="figures">{total}</strong>
						</p>
						<Button ref={button} type="submit" kind="main" busy={!canOrder || placing.isPending || !customer}>
							{placing.isPending ? text.ordering : text.order}
						</Button>
					</form>
				)}
				<div role="status">
					{!lines.length && placing.data && (
						<p className="book-placed">
							<Link href={`/orders/${placing.data.id}`}>{text.placed(placing.data.id)}</Link> {text.onTheRoll}
						</p>
					)}
				</div>
				<Failure error={found.error ?? placing.failureReason} heals={placing.isPending || Boolean(found.error)} />
			</section>
			{lines.length > 0 && (
				<a className="cart-bar" href="#cart">
					<span>{text.bar(text.copies(copies, format.number(copies)))}</span>
					<strong className="figures">{total}</strong>
				</a>
			)}
		</>
	);
}
