import type { Book } from '../functions/books/api.ts';
import type { Order } from '../functions/orders/api.ts';
import { BookCard } from './book-card.ts';
import type { Customer } from './customer.ts';
import { arrange, element, say } from './dom.ts';
import { Reader } from './reader.ts';

interface Listener {
	placed(order: Order): void;
	/** There are other books, or the same with other titles. */
	shown(): void;
}

/** The books, each with its card; a card stays the same element, with what was typed into it. */
export class Shelves {
	readonly #section: HTMLElement;
	readonly #customer: Customer;
	readonly #listener: Listener;
	readonly reader: Reader<Book[]>;
	readonly #cards = new Map<number, BookCard>();
	#books: readonly Book[] = [];

	constructor(section: HTMLElement, customer: Customer, listener: Listener) {
		this.#section = section;
		this.#customer = customer;
		this.#listener = listener;
		this.reader = new Reader('/api/books', section, (books) => this.#show(books));
	}

	title(id: number): string {
		return this.#books.find((book) => book.id === id)?.title ?? `Book ${id}`;
	}

	#show(books: readonly Book[]): number | undefined {
		this.#books = books;
		const ids = new Set(books.map(({ id }) => id));
		for (const id of this.#cards.keys()) if (!ids.has(id)) this.#cards.delete(id);
		arrange(
			element('.shelves', this.#section),
			books.map((book) => this.#card(book).element),
		);
		element('.waiting', this.#section).hidden = true;
		element('.empty', this.#section).hidden = books.length > 0;
		say(element('.summary', this.#section), books.length === 1 ? '1 book' : `${books.length} books`);
		this.#listener.shown();
		// No order can come from empty shelves, so nothing would tell when they have been filled.
		return books.length ? undefined : 5_000;
	}

	#card(book: Book): BookCard {
		const known = this.#cards.get(book.id);
		if (known) {
			known.update(book);
			return known;
		}
		const card = new BookCard(book, this.#customer, {
			placed: (order) => this.#listener.placed(order),
			refused: () => this.reader.now(),
		});
		this.#cards.set(book.id, card);
		return card;
	}
}
