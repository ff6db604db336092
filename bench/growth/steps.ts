import type { Years } from './years.ts';

/** An event of an order in the table `batch`. The texts are SQL. */
export interface Step {
	/** As in the catalog, which lacks the types of functions that a shop has removed. */
	readonly type: string;
	readonly emitter: string;
	/** Milliseconds after the order. */
	readonly after: number;
	/** Which orders have the event. */
	readonly when: string;
	readonly subject: string;
	readonly data: string;
}

const placed = `jsonb_build_object('order_id', id, 'customer_name', customer_name, 'lines', lines)`;
const invoiced = (invoice: string, order: string): string =>
	`jsonb_build_object('invoice_id', ${invoice}, 'order_id', ${order}, 'total_amount', total)`;
const requested = 'id % 20 = 3';

/** The events of all orders, and some that belong to none. */
export const steps: readonly Step[] = [
	{ type: 'order.placed', emitter: 'orders', after: 0, when: 'true', subject: 'id', data: placed },
	{
		type: 'stock.rejected',
		emitter: 'books',
		after: 20,
		when: `status = 'rejected'`,
		subject: 'id',
		data: `jsonb_build_object('order_id', id, 'reason', reason)`,
	},
	{ type: 'stock.reserved', emitter: 'books', after: 20, when: `status <> 'rejected'`, subject: 'id', data: placed },
	{
		type: 'invoice.issued',
		emitter: 'billing',
		after: 40,
		when: `status <> 'rejected'`,
		subject: 'invoice',
		data: invoiced('invoice', 'id'),
	},
	{ type: 'order.cancelled', emitter: 'orders', after: 60, when: `status = 'cancelled'`, subject: 'id', data: placed },
	{
		type: 'stock.returned',
		emitter: 'books',
		after: 80,
		when: `status = 'cancelled'`,
		subject: 'id',
		data: `jsonb_build_object('order_id', id, 'lines', copies)`,
	},
	{
		type: 'invoice.voided',
		emitter: 'billing',
		after: 80,
		when: `status = 'cancelled'`,
		subject: 'invoice',
		data: `jsonb_build_object('invoice_id', invoice, 'order_id', id)`,
	},
	{
		type: 'billing.requested',
		emitter: 'billing',
		after: 100,
		when: requested,
		subject: 'other_invoice',
		data: `jsonb_build_object('invoice_id', other_invoice, 'user_id', id % 1000, 'number_of_items', 2, 'total_amount', total)`,
	},
	{
		type: 'invoice.issued',
		emitter: 'billing',
		after: 120,
		when: requested,
		subject: 'other_invoice',
		data: invoiced('other_invoice', 'null'),
	},
	{
		type: 'account.deleted',
		emitter: 'users',
		after: 140,
		when: 'id % 30 = 7',
		subject: 'deleted',
		data: `jsonb_build_object('account_id', deleted)`,
	},
];

/** The id of the account with a number, as SQL. */
const account = (number: string): string => `('0198c0de-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;

/** Creates the table `batch`, with the orders from $first to $last. */
export function ordersOf(first: number, last: number, years: Years): string {
	const every = Math.max(1, Math.floor(years.orders / years.letters));
	return `
	create temp table batch on commit drop as
	select id, make_interval(secs => 86400.0 * ${years.days} * (id - ${years.orders} - 1) / ${years.orders}) as age,
		case id % 10 when 0 then 'cancelled' when 1 then 'rejected' else 'completed' end as status,
		case id % 10 when 1 then 'only 1 of "Clean Code" left, 2 ordered' end as reason,
		case when id % 10 < 7 then ${account(`id % ${years.users} + 1`)} end as account_id,
		'Customer ' || id % ${years.users} as customer_name, wish.*, uuidv4() as invoice, uuidv4() as other_invoice, uuidv4() as deleted,
		replace(uuidv4()::text, '-', '') as trace,
		case when id % ${every} = 0 then case when id > ${0.96 * years.orders} then 'open' when id > ${0.92 * years.orders} then 'discarded' else 'replayed' end end as letter
	from generate_series(${first}, ${last}) id join (
		select number, jsonb_agg(jsonb_build_object('book_id', book, 'title', 'Book ' || book, 'quantity', 2, 'unit_price', '29.99')) as lines,
			jsonb_agg(jsonb_build_object('book_id', book, 'quantity', 2)) as copies, sum(2 * 29.99) as total
		from generate_series(0, 19) number cross join lateral generate_series(number % 5 + 1, number % 5 + 1 + number % 2) book
		group by number) wish on wish.number = id % 20`;
}

const at = 'now() + age';

/** The statements with which each function stores the orders of `batch`, by its name. */
export const stored: Readonly<Record<string, readonly string[]>> = {
	orders: [
		`insert into orders.orders (id, customer_name, lines, total_amount, status, reason, idempotency_key, account_id, created_at, settled_at, is_cancellable)
		 overriding system value select id, customer_name, lines, total, status, reason, case when id % 2 = 0 then uuidv4()::text end, account_id, ${at},
			${at} + interval '60 ms', true from batch`,
	],
	books: [
		`insert into books.reservations (order_id, lines, returned_at)
		 select id, copies, case status when 'cancelled' then ${at} + interval '80 ms' end from batch where status <> 'rejected'`,
	],
	billing: [
		`insert into billing.invoices (id, order_id, customer_name, number_of_items, total_amount, created_at, account_id, lines, voided_at)
		 select invoice, id, customer_name, 2, total, ${at} + interval '40 ms', account_id, lines, case status when 'cancelled' then ${at} + interval '80 ms' end
		 from batch where status <> 'rejected' order by id`,
		`insert into billing.invoices (id, user_id, number_of_items, total_amount, created_at)
		 select other_invoice, id % 1000, 2, total, ${at} + interval '120 ms' from batch where ${requested} order by id`,
		`insert into billing.requests (idempotency_key, invoice_id, user_id, number_of_items, total_amount)
		 select coalesce(account_id || E'\\n', '') || uuidv4(), other_invoice, id % 1000, 2, total from batch where ${requested}`,
	],
};

/** Returns the statements with which each function stores accounts, by its name. */
export const accountsOf = ({ users, days }: Years): Readonly<Record<string, readonly string[]>> => ({
	users: [
		`insert into users.users (id, email, name, password_hash, created_at)
		 select ${account('n')}, 'customer' || n || '@example.com', 'Customer ' || n, 'none', now() - interval '${days} days' * random()
		 from generate_series(1, ${users}) n`,
		// Two devices each. Some sessions and tokens have expired today, and wait for the night.
		`insert into users.sessions (user_id, created_at, expires_at)
		 select id, now() - interval '30.5 days' * random(), now() + interval '30 days' * (random() - 0.02) from users.users, generate_series(1, 2)`,
		`insert into users.refresh_tokens (hash, session_id, used_at)
		 select sha256(uuid_send(uuidv4())), s.id, case n when 1 then null else s.created_at + n * interval '15 minutes' end
		 from users.sessions s, generate_series(1, 4) n`,
	],
	todo: [
		`insert into todo.lists (list) select ${account('n')} from generate_series(1, ${Math.floor(users / 5)}) n`,
		`insert into todo.todos (list, title, done, position)
		 select list, 'Read book ' || n, n % 2 = 0, n from todo.lists, generate_series(1, 5) n`,
	],
});
