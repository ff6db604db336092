import type { Book } from '../../functions/books/api.ts';
import type { Order } from '../../functions/orders/api.ts';
import { useAnswer } from '../api/query.ts';
import { words } from '../language.ts';

const useWords = words({ book: (id: number) => `Book ${id}` }, { book: (id: number) => `Livre ${id}` });

/**
 * What the books of orders are called: by their titles, or by their numbers where they are no longer on sale. They are asked
 * for in one go, not one by one: a 404 each would litter the console.
 * @param shelf the books that are known anyway, undefined while they are not there yet: others are asked for only if need be
 */
export function useTitles(
	orders: readonly Order[] | undefined,
	shelf: readonly Book[] | undefined,
): (bookId: number) => string {
	const text = useWords();
	const onShelf = new Map(shelf?.map(({ id, title }) => [id, title]));
	const enabled = shelf !== undefined && (orders?.some(({ book_id }) => !onShelf.has(book_id)) ?? false);
	const { data } = useAnswer('GET /api/books', { query: { limit: 1000 } }, { enabled });
	return (bookId) => onShelf.get(bookId) ?? data?.find(({ id }) => id === bookId)?.title ?? text.book(bookId);
}
