import { words } from '../../language.ts';
import { announce } from '../../ui/announce.tsx';
import { Button } from '../../ui/button.tsx';
import { most, withMore } from './lines.ts';
import { cart } from './store.ts';

const useWords = words(
	{
		add: 'Add to cart',
		added: (title: string) => `“${title}” is in your cart.`,
		full: `Your cart is full: an order has at most ${most.lines} books.`,
	},
	{
		add: 'Ajouter au panier',
		added: (title: string) => `« ${title} » est dans votre panier.`,
		full: `Votre panier est plein : une commande compte au plus ${most.lines} livres.`,
	},
);

interface Props {
	readonly id: number;
	readonly title: string;
	/** The typed number of copies. */
	readonly quantity: string;
	/** Called when the book is in the cart, or with the reason why it is not. */
	readonly onDone: (failure?: string) => void;
}

export function AddToCart({ id, title, quantity, onDone }: Props) {
	const text = useWords();
	const add = ({ form }: HTMLButtonElement): void => {
		if (!form?.reportValidity()) return;
		const lines = withMore(cart.value, id, Number(quantity));
		if (lines) cart.set(lines);
		announce(lines ? text.added(title) : text.full);
		onDone(lines ? undefined : text.full);
	};
	return (
		<Button className="book-add" onClick={({ currentTarget }) => add(currentTarget)}>
			{text.add} <span className="unseen">{title}</span>
		</Button>
	);
}
