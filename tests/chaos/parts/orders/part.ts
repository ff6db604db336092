import type { Invoice } from '../../../../functions/billing/api.ts';
import type { Book } from '../../../../functions/books/api.ts';
import type { Order } from '../../../../functions/orders/api.ts';
import { type OpenPart, part } from '../../part.ts';
import { invariants as ofCancellations } from './cancellations.ts';
import { Customer, Follower, type OnSale } from './customers.ts';
import { invariants } from './invariants.ts';
import type { State } from './state.ts';
import { invariants as ofStock } from './stock.ts';
import { StockKeeper } from './stock-keeper.ts';

/** The stock of each book: plenty, and few enough that customers compete for the last copies. */
const stocks = [500_000, 500_000, 60, 60];

/** Customers with accounts, who also cancel orders, and without; some follow orders; and an admin who edits the stock. */
const open: OpenPart = async (scene) => {
	const { admin, run } = scene;
	const books: OnSale[] = [];
	for (const stock of stocks) {
		const body = { title: `chaos ${run} ${books.length + 1}`, author: 'Anon', price: '12.34', stock };
		const { status, whole } = await admin.ask('POST', '/api/books', { body, right: [201] });
		if (status !== 201) throw new Error(`the book was not added: ${status} ${JSON.stringify(whole)}`);
		books.push({ id: (whole as Book).id, isScarce: stock < 1000 });
	}
	const ids = new Set(books.map(({ id }) => id));
	const clients = [
		...['Ada', 'Bob'].map((name) => new Customer(scene, scene.visitor(name), books)),
		...(await Promise.all(['Cleo', 'Fred'].map((name) => scene.account(name)))).map(
			(account) => new Customer(scene, account, books),
		),
		new Follower(scene, scene.visitor('Dan'), books),
		new Follower(scene, await scene.account('Eve'), books),
		...[books[0], books[2]].map((book) => new StockKeeper(scene, book?.id ?? 0)),
	];
	const read = async (): Promise<State> => {
		const orders = (await admin.list<Order>('/api/orders?limit=1000')).filter(({ lines }) =>
			lines.some(({ book_id }) => ids.has(book_id)),
		);
		const placed = new Set(orders.map(({ id }) => id));
		const all = await admin.list<Book>('/api/books?limit=1000');
		const invoices = await admin.list<Invoice>('/api/billing?limit=1000');
		return {
			orders,
			books: all.filter(({ id }) => ids.has(id)),
			invoices: invoices.filter(({ order_id }) => order_id !== null && placed.has(order_id)),
		};
	};
	return part(scene, clients, read, [...invariants, ...ofCancellations, ...ofStock]);
};

export default open;
