import type { Invoice } from '../../../../functions/billing/api.ts';
import type { Book } from '../../../../functions/books/api.ts';
import type { Order, OrderInput } from '../../../../functions/orders/api.ts';
import type { Exchange } from '../../history.ts';
import type { Recorded } from '../../invariants/invariant.ts';

/** What the shop has stored in the end: the books of this run, their orders, and the invoices of these. */
export interface State {
	readonly books: readonly Book[];
	readonly orders: readonly Order[];
	readonly invoices: readonly Invoice[];
}

/** How many copies of a book an order is for. */
export const copiesOf = ({ lines }: Pick<Order, 'lines'>, book: number): number =>
	lines.find(({ book_id }) => book_id === book)?.quantity ?? 0;

/** An order that a customer wanted. Each has a customer's name of its own, by which it is found again. */
export interface Wish {
	readonly name: string;
	readonly lines: OrderInput['lines'];
	readonly isKeyed: boolean;
	/** The requests for it; more than one only with an Idempotency-Key. */
	readonly attempts: readonly Exchange[];
}

export function wishesOf({ exchanges }: Recorded): Wish[] {
	const placing = exchanges.filter(({ fn, operation }) => fn === 'orders' && operation === 'placeOrder');
	return [...Map.groupBy(placing, ({ body }) => (body as OrderInput).customer_name)].map(([name, attempts]) => {
		const [first] = attempts as [Exchange];
		const { lines } = first.body as OrderInput;
		return { name, lines, isKeyed: 'idempotency-key' in first.headers, attempts };
	});
}

/** Every state of an order that a client saw, in an answer or in a message of a stream. */
export function sightingsOf({ exchanges }: Recorded): { readonly order: Order; readonly exchange: Exchange }[] {
	return exchanges.flatMap((exchange) => {
		const { fn, status = 500, answer } = exchange;
		if (fn !== 'orders' || status >= 300 || answer === undefined) return [];
		return [answer].flat().map((order) => ({ order: order as Order, exchange }));
	});
}

/** A change of a book by the admin. Its title is its own, so the stored title says which change came last. */
export interface Edit {
	readonly book: number;
	readonly title: string;
	/** The title and stock that the admin had read: the ETag in `If-Match` is that of the answer. */
	readonly before: Pick<Book, 'title' | 'stock'>;
	readonly stock: number;
	readonly exchange: Exchange;
}

export function editsOf({ exchanges }: Recorded): Edit[] {
	const read = new Map<string, Book>();
	for (const { operation, path, etag, answer } of exchanges)
		if (operation === 'getBook' && etag !== undefined) read.set(`${path} ${etag}`, answer as Book);
	return exchanges
		.filter(({ fn, operation }) => fn === 'books' && operation === 'replaceBook')
		.flatMap((exchange) => {
			const before = read.get(`${exchange.path} ${exchange.headers['if-match']}`);
			if (!before) return [];
			const { title, stock } = exchange.body as Book;
			return { book: Number(exchange.path.split('/').at(-1)), title, stock, before, exchange };
		});
}

/** The book as the admin added it. */
export const addedBook = ({ exchanges }: Recorded, id: number): Book | undefined =>
	exchanges
		.filter(({ operation, status }) => operation === 'addBook' && status === 201)
		.map(({ answer }) => answer as Book)
		.find((book) => book.id === id);

/** The changes that took effect: from the stored title back to the one that the book was added with. */
export function appliedEdits(history: Recorded, book: Book): Edit[] {
	const edits = editsOf(history).filter((edit) => edit.book === book.id);
	const applied: Edit[] = [];
	for (let { title } = book; ; ) {
		const edit = edits.find((each) => each.title === title);
		if (!edit) return applied.reverse();
		applied.push(edit);
		title = edit.before.title;
	}
}
