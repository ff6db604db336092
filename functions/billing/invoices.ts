import { type Identity, isAdmin } from '../../kit/auth/auth.ts';
import type { Queryable, Transaction } from '../../kit/data/database.ts';
import type { Invoice } from './api.ts';

const columns = 'id, order_id, user_id, customer_name, lines, number_of_items, total_amount, created_at';

/** Finds an invoice. That of an account is found by its customer and by admins only; any other by whoever knows its id. */
export async function find(db: Queryable, id: string, caller: Identity | undefined): Promise<Invoice | undefined> {
	const { rows } = await db.query<Invoice>(
		`select ${columns} from invoices where id = $1 and ($2 or account_id is null or account_id = $3)`,
		[id, isAdmin(caller), caller?.id ?? null],
	);
	return rows[0];
}

/** Lists invoices, newest first; `after` is an invoice's id. */
export async function list(
	db: Queryable,
	limit: number,
	after: string | undefined,
	{ order_id, account_id }: { readonly order_id?: number | undefined; readonly account_id?: string | undefined },
): Promise<Invoice[]> {
	const { rows } = await db.query<Invoice>(
		`select ${columns} from invoices
		 where ($2::uuid is null or number < (select number from invoices where id = $2)) and ($3::int is null or order_id = $3)
			and ($4::uuid is null or account_id = $4)
		 order by number desc limit $1`,
		[limit, after ?? null, order_id ?? null, account_id ?? null],
	);
	return rows;
}

/** Removes the customer's name from the invoices of a deleted account. They remain that account's, so they stay private. */
export async function anonymize(tx: Queryable, accountId: string): Promise<void> {
	await tx.query(`update invoices set customer_name = 'deleted account' where account_id = $1`, [accountId]);
}

export async function issue(
	tx: Transaction<'invoice.issued'>,
	invoice: Omit<Invoice, 'created_at'> & { readonly account_id?: string | undefined },
): Promise<void> {
	const { account_id, id, order_id, user_id, customer_name, lines, number_of_items, total_amount } = invoice;
	await tx.query(
		`insert into invoices (id, order_id, user_id, customer_name, lines, number_of_items, total_amount, account_id)
		 values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		[id, order_id, user_id, customer_name, JSON.stringify(lines), number_of_items, total_amount, account_id ?? null],
	);
	await tx.emit('invoice.issued', id, { invoice_id: id, order_id, total_amount, account_id });
}
