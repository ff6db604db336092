import type { Order, OrderLine } from '../../functions/orders/api.ts';
import { words } from '../language.ts';

const useWords = words(
	{
		book: (id: number) => `Book ${id}`,
		more: (title: string, others: number) => `${title} and ${others} more`,
	},
	{
		book: (id: number) => `Livre ${id}`,
		more: (title: string, others: number) => `${title} et ${others} autre${others > 1 ? 's' : ''}`,
	},
);

interface Titles {
	/** The title of a line's book. An older order stores none, so its number stands for it. */
	readonly of: (line: OrderLine) => string;
	/** The books of an order in a few words. */
	readonly all: (order: Order) => string;
}

export function useTitles(): Titles {
	const text = useWords();
	const of = ({ title, book_id }: OrderLine): string => title ?? text.book(book_id);
	const all = ({ lines: [first, ...others] }: Order): string => {
		const title = first ? of(first) : '';
		return others.length ? text.more(title, others.length) : title;
	};
	return { of, all };
}
