import { Problem } from '../../../kit/http/problem.ts';

/** The most operations with a password in one instance: one hashes, and twenty wait. A hash takes 50 to 80 ms. */
const most = 21;

let admitted = 0;

/**
 * Runs an operation that hashes a password. Refuses it immediately when too many wait, before it uses the database, so
 * that a flood of them does not delay other operations.
 * @throws {Problem} 503 with Retry-After
 */
export async function admit<T>(work: () => Promise<T>): Promise<T> {
	if (admitted >= most)
		throw new Problem(
			503,
			'Too many people are signing in or up at this moment. Nothing was changed; try again shortly.',
			{
				headers: { 'retry-after': '2' },
			},
		);
	admitted += 1;
	try {
		return await work();
	} finally {
		admitted -= 1;
	}
}
