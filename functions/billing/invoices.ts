import { type Identity, isAdmin } from '../../kit/auth/auth.ts';
import type { Queryable, Transaction } from '../../kit/data/database.ts';
import type { Invoice } from './api.ts';

const columns = 'id, order_id, user_id, customer_name, lines, number_of_items, total_amount, created_at';

/** Finds an invoice. That of an account is found by its customer and by admins only; any other by whoever knows its id. */
export async function find(db: Queryable, id: string, caller: Identity | undefined): Promise<Invoice | undefined> {
	const { rows } = await db.query<Invoice>(
		`select ${columns} from invoices where id = $1 and voided_at is null and ($2 or account_id is null or account_id = $3)`,
		[id, isAdmin(caller), caller?.id ?? null],
	);
	return rows[0];
}

/**
 * Lists invoices, newest first; `after` is an invoice's id. The text of the statement has only the conditions that are used, so that
 * the plan of each can use its index.
 */
export async function list(
	db: Queryable,
	limit: number,
	after: string | undefined,
	{ order_id, account_id }: { readonly order_id?: number | undefined; readonly account_id?: string | undefined },
): Promise<Invoice[]> {
	const values: unknown[] = [];
	const conditions = ['voided_at is null'];
	const select = (value: unknown, condition: (parameter: string) => string): void => {
		if (value !== undefined) conditions.push(condition(`$${values.push(value)}`));
	};
	select(after, (id) => `number < (select number from invoices where id = ${id})`);
	select(order_id, (id) => `order_id = ${id}`);
	select(account_id, (id) => `account_id = ${id}`);
	const { rows } = await db.query<Invoice>(
		`select ${columns} from invoices where ${conditions.join(' and ')} order by number desc limit $${values.push(limit)}`,
		values,
	);
	return rows;
}

/** Removes the customer's name from the invoices of a deleted account. They remain that account's, so they stay private. */
export async function anonymize(tx: Queryable, accountId: string): Promise<void> {
	await tx.query(`update invoices set customer_name = 'deleted account' where account_id = $1`, [accountId]);
}

export type NewInvoice = Omit<Invoice, 'created_at'> & { readonly account_id?: string | undefined };

/** The statement that stores an invoice, without its last clause; `voided_at` comes last. */
const insert = `insert into invoices
	(id, order_id, user_id, customer_name, lines, number_of_items, total_amount, account_id, voided_at)`;
const valuesOf = (invoice: NewInvoice): unknown[] => [
	...[invoice.id, invoice.order_id, invoice.user_id, invoice.customer_name, JSON.stringify(invoice.lines)],
	...[invoice.number_of_items, invoice.total_amount, invoice.account_id ?? null],
];

/** Issues an invoice, unless its order was cancelled first. @throws {Error} when the order has an invoice already */
export async function issue(tx: Transaction<'invoice.issued'>, invoice: NewInvoice): Promise<void> {
	const { id, order_id, total_amount, account_id } = invoice;
	const { rowCount } = await tx.query(
		`${insert} values ($1, $2, $3, $4, $5, $6, $7, $8, null) on conflict (order_id) do nothing`,
		valuesOf(invoice),
	);
	if (rowCount) return await tx.emit('invoice.issued', id, { invoice_id: id, order_id, total_amount, account_id });
	const { rows } = await tx.query('select from invoices where order_id = $1 and voided_at is null', [order_id]);
	if (rows.length) throw new Error(`order ${order_id} has an invoice already`);
}

/**
 * Makes the invoice of a cancelled order void. If it is not issued yet, stores it as void, so that it never is: the unique key
 * `order_id` decides which of the two is first.
 */
export async function cancel(
	tx: Transaction<'invoice.voided'>,
	invoice: NewInvoice & { readonly order_id: number },
): Promise<void> {
	const { order_id, account_id } = invoice;
	const { rows } = await tx.query<{ id: string }>(
		`${insert} values ($1, $2, $3, $4, $5, $6, $7, $8, now())
		 on conflict (order_id) do update set voided_at = now() where invoices.voided_at is null returning id`,
		valuesOf(invoice),
	);
	const id = rows[0]?.id;
	if (id !== undefined && id !== invoice.id)
		await tx.emit('invoice.voided', id, { invoice_id: id, order_id, account_id });
}
