import { useId, useState } from 'react';
import type { Book } from '../../../functions/books/api.ts';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Stepper } from '../stepper.tsx';
import { type CartLine, most, without, withQuantity } from './lines.ts';
import { cart } from './store.ts';

const useWords = words(
	{
		book: (id: number) => `Book ${id}`,
		gone: 'No longer on sale. Please remove it.',
		few: (stock: string) => `Only ${stock} left. Please take fewer.`,
		none: 'Sold out. Please remove it.',
		stock: (stock: string) => `${stock} in stock`,
		remove: 'Remove',
	},
	{
		book: (id: number) => `Livre ${id}`,
		gone: 'N’est plus en vente. Veuillez le retirer.',
		few: (stock: string) => `Plus que ${stock} en stock. Veuillez en prendre moins.`,
		none: 'Épuisé. Veuillez le retirer.',
		stock: (stock: string) => `${stock} en stock`,
		remove: 'Retirer',
	},
);

interface Props {
	readonly line: CartLine;
	/** Undefined while it is loaded, and if it is no longer on sale. */
	readonly book: Book | undefined;
	/** Whether the books of the cart are loaded. */
	readonly isKnown: boolean;
}

export function Line({ line: { book_id, quantity }, book, isKnown }: Props) {
	const text = useWords();
	const format = useFormat();
	const title = useId();
	/** The typed number of copies, while it is none that can be ordered. */
	const [typed, setTyped] = useState<string>();
	const change = (value: string): void => {
		const copies = Number(value);
		const isValid = Number.isInteger(copies) && copies >= 1 && copies <= most.quantity;
		setTyped(isValid ? undefined : value);
		if (isValid) cart.set(withQuantity(cart.value, book_id, copies));
	};
	const stock = book?.stock ?? 0;
	const isShort = isKnown && quantity > stock;
	const written = format.number(stock);
	const state = !book ? text.gone : !isShort ? text.stock(written) : stock === 0 ? text.none : text.few(written);
	return (
		<li>
			<fieldset className="cart-line" aria-labelledby={title}>
				<p id={title} className="cart-title">
					{book?.title ?? text.book(book_id)}
				</p>
				<Stepper value={typed ?? String(quantity)} onChange={change} />
				<span className="cart-price figures">{book && format.money(book.price, quantity)}</span>
				<p className="book-stock" data-level={isShort ? 'none' : 'enough'}>
					{(book || isKnown) && state}
				</p>
				<Button
					kind="bare"
					onClick={() => {
						// The line takes the focus with it.
						document.getElementById('cart')?.focus();
						cart.set(without(cart.value, book_id));
					}}
				>
					{text.remove} <span className="unseen">{book?.title}</span>
				</Button>
			</fieldset>
		</li>
	);
}
