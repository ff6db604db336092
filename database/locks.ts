import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';

/** How often a change is tried again when running functions hold its tables. */
const attempts = 60;

/** The pause before the next attempt, in milliseconds. */
const pause = 500;

/** SQLSTATEs of a lock that was not free in time: lock_not_available, deadlock_detected. */
const busy = new Set(['55P03', '40P01']);

/** Whether a statement failed because another transaction held a lock. */
export const isBusy = (error: unknown): boolean => error instanceof pg.DatabaseError && busy.has(error.code ?? '');

/**
 * Runs a change of tables in a transaction, and again while running functions hold the tables. It waits for each lock for 300 ms
 * only, because a statement of a function waits behind it, and fails after a second (`limits.lock`).
 */
export async function changed<T>(db: pg.ClientBase, change: () => Promise<T>): Promise<T> {
	return await patiently(db, async () => {
		await db.query(`begin; set local lock_timeout = '300ms'`);
		const result = await change();
		await db.query('commit');
		return result;
	});
}

/** Runs `change`, which limits its waits for locks, and again when it had to wait for too long. */
export async function patiently<T>(db: pg.ClientBase, change: () => Promise<T>): Promise<T> {
	for (let tries = 1; ; tries++)
		try {
			return await change();
		} catch (error) {
			await db.query('rollback');
			if (!isBusy(error) || tries === attempts) throw error;
			await after(pause);
		}
}
