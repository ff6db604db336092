import { expect, test } from 'vitest';
import type { Order } from '../../../../functions/orders/api.ts';
import type { Exchange } from '../../history.ts';
import { judge } from '../../invariants/invariant.ts';
import { invariants as ofCancellations } from './cancellations.ts';
import { invariants } from './invariants.ts';
import type { State } from './state.ts';
import { invariants as ofStock } from './stock.ts';

/** A short run: Ada's first answer was lost, so she asked again; Bob's order was rejected; the admin added ten copies. */
const book = { id: 1, author: 'Anon', price: '12.50', created_at: '2026-01-05T09:00:00.000Z' };
const line = (quantity: number) => ({ book_id: 1, title: 'Emma', quantity, unit_price: '12.50' });
const order = (id: number, customer_name: string, status: Order['status'], quantity = 2) => ({
	...{ id, customer_name, lines: [line(quantity)], total_amount: `${12.5 * quantity}`, status },
	private: false,
	settled_at: status === 'pending' ? null : '2026-01-05T09:00:01.000Z',
	reason: status === 'rejected' ? 'only 10 left' : null,
	created_at: '2026-01-05T09:00:00.000Z',
});
const place = (customer_name: string, quantity: number, answer: Partial<Exchange>): Exchange => ({
	...{ client: customer_name, fn: 'orders', operation: 'placeOrder', method: 'POST', path: '/api/orders' },
	...{
		body: { customer_name, lines: [{ book_id: 1, quantity }] },
		headers: { 'idempotency-key': customer_name },
		sent: 0,
		ended: 1,
	},
	...answer,
});
const ofBook = (operation: string, answer: Partial<Exchange>): Exchange => ({
	...{ client: 'admin', fn: 'books', operation, method: 'GET', path: '/api/books/1', headers: {}, sent: 0, ended: 1 },
	...answer,
});
const edit = (title: string, stock: number, status: number): Exchange =>
	ofBook('replaceBook', { method: 'PUT', headers: { 'if-match': '"1"' }, body: { title, stock }, status });
const follow = (status: 'pending' | 'completed'): Exchange => ({
	...place('Ada', 2, {}),
	...{ operation: 'getOrder', method: 'GET', path: '/api/orders/1', status: 200 },
	answer: [order(1, 'Ada', 'pending'), order(1, 'Ada', status)],
});
const cancel = (id: number, answer: Partial<Exchange>): Exchange => ({
	...place('Ada', 2, {}),
	...{ operation: 'cancelOrder', method: 'DELETE', path: `/api/orders/${id}`, headers: {} },
	...answer,
});
const nothing = { status: 503, answer: { detail: 'The database does not answer. Nothing was changed.' } };

const exchanges: readonly Exchange[] = [
	ofBook('addBook', { status: 201, answer: { ...book, title: 'Emma', stock: 12 } }),
	place('Ada', 2, { error: 'other side closed' }),
	place('Ada', 2, { status: 201, answer: order(1, 'Ada', 'pending') }),
	follow('completed'),
	place('Bob', 50, { status: 201, answer: order(2, 'Bob', 'pending', 50) }),
	place('Cleo', 1, { error: 'other side closed' }),
	place('Dan', 90, { status: 409, answer: {} }),
	ofBook('getBook', { etag: '"1"', status: 200, answer: { ...book, title: 'Emma', stock: 10 } }),
	edit('Emma, edit 1', 20, 200),
	edit('Emma, edit 2', 0, 412),
	cancel(1, { status: 409, answer: {} }),
];
const state: State = {
	books: [{ ...book, title: 'Emma, edit 1', stock: 20 }],
	orders: [order(1, 'Ada', 'completed'), order(2, 'Bob', 'rejected', 50)],
	invoices: [
		{
			...{ id: '0198c0de-0000-7000-8000-000000000001', order_id: 1, user_id: null, customer_name: 'Ada' },
			...{ lines: [line(2)], number_of_items: 2, total_amount: '25.00', created_at: '2026-01-05T09:00:01.000Z' },
		},
	],
};
const [invoice] = state.invoices as [State['invoices'][number]];
const [ada, bob] = state.orders as [State['orders'][number], State['orders'][number]];

/** Returns the claims that a run violates. */
const violated = (more: readonly Exchange[], stored: Partial<State>): string[] =>
	judge(
		[...invariants, ...ofCancellations, ...ofStock],
		{ exchanges: [...exchanges, ...more], faults: [], at: Date.parse },
		{ ...state, ...stored },
	)
		.filter(({ violations }) => violations.length)
		.map(({ claim }) => claim);

test('accepts a run in which every promise was kept', () => {
	expect(violated([], {})).toEqual([]);
	// An unknown outcome is either.
	expect(violated([], { orders: [...state.orders, order(3, 'Cleo', 'rejected', 99)] })).toEqual([]);
	// A cancelled order, whose copies went back into the stock.
	const regretted = { orders: [...state.orders, order(3, 'Cleo', 'cancelled', 1)] };
	const done = cancel(3, { status: 200, answer: order(3, 'Cleo', 'cancelled', 1) });
	expect(violated([cancel(3, { error: 'other side closed' }), done], regretted)).toEqual([]);
	expect(violated([cancel(3, { error: 'other side closed' })], regretted)).toEqual([]);
	const late = { books: [{ ...book, title: 'Emma, edit 3', stock: 13 }] };
	const unknown = edit('Emma, edit 3', 13, 503);
	expect(
		violated(
			[
				{ ...unknown, headers: { 'if-match': '"2"' } },
				ofBook('getBook', { etag: '"2"', status: 200, answer: { ...book, title: 'Emma, edit 1', stock: 20 } }),
			],
			late,
		),
	).toEqual([]);
});

test.each<[claim: string, more: readonly Exchange[], stored: Partial<State>]>([
	[
		'every acknowledged order exists as it was placed',
		[place('Eve', 1, { status: 201, answer: order(9, 'Eve', 'pending', 1) })],
		{},
	],
	[
		'every request has at most one order, and so has every Idempotency-Key',
		[],
		{ orders: [ada, bob, order(3, 'Bob', 'rejected', 50)] },
	],
	['no order exists that nobody placed', [], { orders: [ada, bob, order(3, 'Zoe', 'rejected', 99)] }],
	['no refused order exists', [], { orders: [ada, bob, order(3, 'Dan', 'rejected', 90)] }],
	[
		'no answer says that nothing was changed when an order was placed',
		[place('Eve', 99, nothing)],
		{ orders: [ada, bob, order(3, 'Eve', 'rejected', 99)] },
	],
	['no order is pending for ever', [], { orders: [ada, order(2, 'Bob', 'pending', 50)] }],
	['a settled order never changes', [place('Bob', 50, { status: 201, answer: order(2, 'Bob', 'completed', 50) })], {}],
	[
		'a completed order has exactly one invoice, with its copies and amount, and no other order has any',
		[],
		{ invoices: [invoice, invoice] },
	],
	[
		'a completed order has exactly one invoice, with its copies and amount, and no other order has any',
		[],
		{ invoices: [{ ...invoice, total_amount: '12.50' }] },
	],
	[
		'a completed order has exactly one invoice, with its copies and amount, and no other order has any',
		[],
		{ invoices: [invoice, { ...invoice, order_id: 2 }] },
	],
	[
		'a completed order has exactly one invoice, with its copies and amount, and no other order has any',
		[cancel(3, { error: 'other side closed' })],
		{
			orders: [...state.orders, order(3, 'Cleo', 'cancelled', 1)],
			invoices: [invoice, { ...invoice, order_id: 3 }],
		},
	],
	[
		'the stock of a book is what was added and edited, less the copies of its completed orders',
		[cancel(3, { error: 'other side closed' })],
		{
			orders: [...state.orders, order(3, 'Cleo', 'cancelled', 1)],
			books: [{ ...book, title: 'Emma, edit 1', stock: 19 }],
		},
	],
	['an acknowledged cancellation holds, and a refused one has no effect', [cancel(2, { status: 200, answer: {} })], {}],
	[
		'an acknowledged cancellation holds, and a refused one has no effect',
		[cancel(3, { status: 409, answer: {} })],
		{ orders: [...state.orders, order(3, 'Cleo', 'cancelled', 1)] },
	],
	[
		'no order is cancelled unless a request can have done it',
		[cancel(3, nothing)],
		{ orders: [...state.orders, order(3, 'Cleo', 'cancelled', 1)] },
	],
	['a followed order is seen settled, and a stream is ended by its final state', [follow('pending')], {}],
	[
		'the stock of a book is what was added and edited, less the copies of its completed orders',
		[],
		{ books: [{ ...book, title: 'Emma, edit 1', stock: 18 }] },
	],
	[
		'no acknowledged edit of a book is lost, and no refused one takes effect',
		[],
		{ books: [{ ...book, title: 'Emma', stock: 10 }] },
	],
	[
		'no acknowledged edit of a book is lost, and no refused one takes effect',
		[edit('Emma, edit 3', 20, 412)],
		{ books: [{ ...book, title: 'Emma, edit 3', stock: 20 }] },
	],
	[
		'no order is rejected while its copies are in stock',
		[],
		{ orders: [ada, order(2, 'Bob', 'rejected', 50), order(3, 'Cleo', 'rejected', 1)] },
	],
])('finds that %s', (claim, more, stored) => {
	expect(violated(more, stored)).toEqual([claim]);
});
