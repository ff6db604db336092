import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { asAdmin, post, visit } from '../acceptance/setup/visitor.ts';

export interface OwnBook {
	readonly id: number;
	readonly title: string;
	/** Where it is on the shelf, alone. */
	readonly path: string;
}

/** A book of the test's own, by itself on its shelf, at $12.50; it goes with the test. Its title begins with `mark`. */
export async function ownBook(stock: number, mark = 'Own book'): Promise<OwnBook> {
	const title = `${mark} ${randomUUID().slice(0, 8)}`;
	const { status, json } = await post('/api/books', { title, author: 'Anon', price: '12.50', stock }, asAdmin);
	if (status !== 201) throw new Error(`no book was added: ${status} ${JSON.stringify(json)}`);
	const id: number = json.id;
	const book = { id, title, path: `/?search=${encodeURIComponent(title)}` };
	onTestFinished(async () => {
		await remove(book);
	});
	return book;
}

/** Takes a book off the shelf, as an admin does. */
export const remove = ({ id }: OwnBook) => visit('gateway', `/api/books/${id}`, { method: 'DELETE', headers: asAdmin });

/** Another number of copies, as an admin has counted them. */
export const restock = ({ id, title }: OwnBook, stock: number) =>
	visit('gateway', `/api/books/${id}`, {
		method: 'PUT',
		headers: asAdmin,
		body: { title, author: 'Anon', price: '12.50', stock },
	});

/** Orders a book without the page; answers with the order's id. */
export async function order({ id }: OwnBook, quantity = 1): Promise<number> {
	const { status, json } = await post('/api/orders', { book_id: id, customer_name: 'Ada', quantity });
	if (status !== 201) throw new Error(`book ${id} was not ordered: ${status} ${JSON.stringify(json)}`);
	return json.id as number;
}

/** How many orders of a book there are among the latest. */
export async function ordersOf({ id }: OwnBook): Promise<number> {
	const { json } = await visit('gateway', '/api/orders?limit=100');
	return json.filter(({ book_id }: { book_id: number }) => book_id === id).length;
}

/** Keeps books from reserving anything, so that orders stay pending, until what it answers with is called. */
export async function stopReserving(): Promise<() => Promise<void>> {
	await visit('gateway', '/api/drills/books', { method: 'PUT', headers: asAdmin, body: { minutes: 5 } });
	const goOn = async (): Promise<void> => {
		await visit('gateway', '/api/drills/books', { method: 'DELETE', headers: asAdmin });
	};
	onTestFinished(goOn);
	return goOn;
}
