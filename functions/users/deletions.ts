import type { Transaction } from '../../kit/data/database.ts';

/** Announces that an account was deleted, and remembers to do so once more. */
export async function announce(tx: Transaction<'account.deleted'>, id: string): Promise<void> {
	await tx.query('insert into deletions (account_id) values ($1)', [id]);
	await tx.emit('account.deleted', id, { account_id: id });
}

/**
 * Announces deletions again once the accounts' last access tokens have expired. Until then a request, or an order in
 * progress, can store something about a deleted account.
 */
export async function announceAgain(tx: Transaction<'account.deleted'>): Promise<void> {
	const { rows } = await tx.query<{ id: string }>(
		`delete from deletions where at < now() - interval '20 minutes' returning account_id as id`,
	);
	for (const { id } of rows) await tx.emit('account.deleted', id, { account_id: id });
}
