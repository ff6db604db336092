import type { Book } from '../../../../functions/books/api.ts';
import type { Account } from '../../account.ts';
import type { Client, Scene } from '../../part.ts';
import type { Random } from '../../random.ts';

/**
 * Edits the stock of one book as an admin. An edit is made only of the state that the admin has read (`If-Match`, RFC 9110,
 * 13.1.1), and its title is its own.
 */
export class StockKeeper implements Client {
	readonly name: string;
	readonly pause = [1, 3] as const;
	readonly #admin: Account;
	readonly #random: Random;
	readonly #path: string;
	#count = 0;

	constructor({ admin, random }: Scene, book: number) {
		this.name = `stock keeper of ${book}`;
		this.#admin = admin;
		this.#random = random.fork(this.name);
		this.#path = `/api/books/${book}`;
	}

	async step(): Promise<void> {
		if (!(await this.#admin.authorize())) return;
		const { etag, whole, status } = await this.#admin.ask('GET', this.#path);
		if (status !== 200 || etag === undefined) return;
		const { title, author, price, stock } = whole as Book;
		this.#count += 1;
		const body = {
			title: `${title.replace(/, edit \d+$/, '')}, edit ${this.#count}`,
			author,
			price,
			stock: Math.max(0, stock + this.#random.whole(-20, 40)),
		};
		await this.#admin.ask('PUT', this.#path, { body, headers: { 'if-match': etag }, right: [200, 412] });
	}
}
