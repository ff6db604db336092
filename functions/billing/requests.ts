import { randomUUID } from 'node:crypto';
import { usedKey } from '../../kit/data/idempotency.ts';
import type { Context } from '../../kit/serve/context.ts';
import type { InvoiceRequest } from './api.ts';

/**
 * Requests an invoice and returns its id. A key that was used for the same request returns the id of that one.
 * @param key the stored form of an idempotency key
 * @throws {Problem} 422 when the key was used for a different request
 */
export async function request(context: Context, wish: InvoiceRequest, key: string | undefined): Promise<string> {
	const id = randomUUID();
	const isNew = await context.transaction(async (tx) => {
		if (key !== undefined) {
			const { rowCount } = await tx.query(
				`insert into requests (idempotency_key, invoice_id, user_id, number_of_items, total_amount) values ($1, $2, $3, $4, $5)
				 on conflict do nothing`,
				[key, id, wish.user_id, wish.number_of_items, wish.total_amount],
			);
			if (!rowCount) return false;
		}
		await tx.emit('billing.requested', id, { invoice_id: id, ...wish });
		return true;
	});
	if (isNew) return id;
	const { rows } = await context.db.query<{ invoice_id: string }>(
		`select invoice_id from requests where idempotency_key = $1
		 and (user_id, number_of_items, total_amount) = ($2::int, $3::int, $4::numeric)`,
		[key, wish.user_id, wish.number_of_items, wish.total_amount],
	);
	if (!rows[0]) throw usedKey('invoice');
	return rows[0].invoice_id;
}
