import { type FormEvent, useId, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { Book } from '../../functions/books/api.ts';
import { Problem } from '../api/problem.ts';
import { refresh } from '../api/query.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import { AddToCart } from './cart/add.tsx';
import type { Customer } from './customer.ts';
import { usePlacing } from './placing.ts';
import { Stepper } from './stepper.tsx';

const useWords = words(
	{
		soldOut: 'Sold out',
		none: 'No copies left',
		few: (stock: string) => `Only ${stock} left`,
		stock: (stock: string) => `${stock} in stock`,
		order: 'Order Now',
		ordering: 'Ordering…',
		placed: (id: number) => `Order ${id}`,
		onTheRoll: 'placed.',
	},
	{
		soldOut: 'Épuisé',
		none: 'Plus aucun exemplaire',
		few: (stock: string) => `Plus que ${stock} en stock`,
		stock: (stock: string) => `${stock} en stock`,
		order: 'Commander',
		ordering: 'Commande…',
		placed: (id: number) => `Commande ${id}`,
		onTheRoll: 'enregistrée.',
	},
);

interface Props {
	readonly book: Book;
	readonly customer: Customer | undefined;
	/** Called with the order button when a customer without a name presses it. */
	readonly onNameless: (button: HTMLElement) => void;
}

export function BookCard({ book, customer, onNameless }: Props) {
	const { id, title, author, price, stock } = book;
	const text = useWords();
	const format = useFormat();
	const heading = useId();
	const button = useRef<HTMLButtonElement>(null);
	const pressed = useRef(Number.NEGATIVE_INFINITY);
	const [quantity, setQuantity] = useState('1');
	/** Why the book is not in the cart. */
	const [refused, refuse] = useState<string>();
	const placing = usePlacing();
	const soldOut = stock === 0;
	const level = soldOut ? 'none' : stock <= 3 ? 'low' : 'enough';

	const order = (event: FormEvent): void => {
		event.preventDefault();
		if (!customer || !button.current) return;
		const name = customer.name.trim();
		if (!name) {
			onNameless(button.current);
			return;
		}
		const since = event.timeStamp - pressed.current;
		pressed.current = event.timeStamp;
		// A double click, or a key that is held down, counts as one press.
		if (since < 600) return;
		// After the last copy the quantity field disappears, so the focus must not stay in it.
		button.current.focus();
		placing.mutate(
			{ customer_name: name, lines: [{ book_id: id, quantity: Number(quantity) }] },
			{
				onSuccess: () => setQuantity('1'),
				// Fewer copies are left than shown, so refetch. The card of a deleted book (404) stays, with its error.
				onError: (error) => error instanceof Problem && error.status === 409 && refresh('GET /api/books'),
			},
		);
	};

	return (
		<li className="book">
			<article aria-labelledby={heading}>
				{/* The stylesheet has six covers. */}
				<div className="book-cover" data-cover={id % 6}>
					<h3 id={heading} className={title.length > 48 ? 'book-long' : undefined}>
						{title}
					</h3>
					<p className="book-author">{author}</p>
				</div>
				<div className="book-board">
					<p className="book-price">{format.money(price)}</p>
				</div>
				<div className="book-counter">
					<p className="book-stock" data-level={level}>
						{{ none: text.none, low: text.few(format.number(stock)), enough: text.stock(format.number(stock)) }[level]}
					</p>
					<form onSubmit={order}>
						{!soldOut && <Stepper value={quantity} onChange={setQuantity} />}
						<Button
							ref={button}
							type="submit"
							kind="main"
							className="book-order"
							data-level={level}
							// Never `disabled`, because ordering the last copy would then lose the focus.
							busy={soldOut || placing.isPending || !customer}
						>
							{placing.isPending ? text.ordering : soldOut ? text.soldOut : text.order}{' '}
							<span className="unseen">{title}</span>
						</Button>
						{!soldOut && (
							<AddToCart
								id={id}
								title={title}
								quantity={quantity}
								onDone={(failure) => {
									refuse(failure);
									if (!failure) setQuantity('1');
								}}
							/>
						)}
					</form>
					<div role="status">
						{placing.data && (
							<p className="book-placed">
								<Link href={`/orders/${placing.data.id}`}>{text.placed(placing.data.id)}</Link> {text.onTheRoll}
							</p>
						)}
					</div>
					{refused && <Notice>{refused}</Notice>}
					<Failure error={placing.failureReason} heals={placing.isPending} />
				</div>
			</article>
		</li>
	);
}
