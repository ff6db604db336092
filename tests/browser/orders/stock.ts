import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { Order } from '../../../functions/orders/api.ts';
import { asAdmin, post, visit } from '../../acceptance/setup/visitor.ts';

export interface OwnBook {
	readonly id: number;
	readonly title: string;
	/** A search that finds only this book. */
	readonly path: string;
}

/** Adds a book at $12.50 for one test, and deletes it when the test ends. Its title begins with `mark`. */
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

/** Deletes a book as an admin. */
export const remove = ({ id }: OwnBook) => visit('gateway', `/api/books/${id}`, { method: 'DELETE', headers: asAdmin });

/** Sets the stock of a book as an admin. */
export const restock = ({ id, title }: OwnBook, stock: number) =>
	visit('gateway', `/api/books/${id}`, {
		method: 'PUT',
		headers: asAdmin,
		body: { title, author: 'Anon', price: '12.50', stock },
	});

/** Orders a book without the page; returns the order's id. */
export async function order({ id }: OwnBook, quantity = 1): Promise<number> {
	const { status, json } = await post('/api/orders', { customer_name: 'Ada', lines: [{ book_id: id, quantity }] });
	if (status !== 201) throw new Error(`book ${id} was not ordered: ${status} ${JSON.stringify(json)}`);
	return json.id as number;
}

/** Counts the orders of a book among the latest 100 orders. */
export async function ordersOf({ id }: OwnBook): Promise<number> {
	const { json } = await visit('gateway', '/api/orders?limit=100', { headers: asAdmin });
	return json.filter(({ lines }: Order) => lines.some(({ book_id }) => book_id === id)).length;
}

/** Stops books from reserving stock, so that orders stay pending until the returned function is called. */
export async function stopReserving(): Promise<() => Promise<void>> {
	await visit('gateway', '/api/drills/books', { method: 'PUT', headers: asAdmin, body: { minutes: 5 } });
	const goOn = async (): Promise<void> => {
		await visit('gateway', '/api/drills/books', { method: 'DELETE', headers: asAdmin });
	};
	onTestFinished(goOn);
	return goOn;
}
