import type { Book } from '../../functions/books/api.ts';
import type { Order } from '../../functions/orders/api.ts';
import { useAnswer } from '../api/query.ts';
import { words } from '../language.ts';

const useWords = words({ book: (id: number) => `Book ${id}` }, { book: (id: number) => `Livre ${id}` });

/**
 * Returns a function from book id to title. A book that is no longer on sale is named by its id. All books are fetched
 * in one request, because a 404 for each missing book would litter the console.
 * @param shelf the books already loaded; undefined while loading. Other books are fetched only if an order needs them.
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
