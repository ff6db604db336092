import type { Invoice } from '../../functions/billing/api.ts';
import { ask } from '../api/ask.ts';
import { isPassing, Problem } from '../api/problem.ts';

/** Polls for a requested invoice. Returns null if it is not issued within about a minute. */
export async function untilIssued(id: string, signal: AbortSignal): Promise<Invoice | null> {
	for (let look = 0; look < 60; look += 1) {
		await new Promise((resolve) => setTimeout(resolve, 1_000));
		signal.throwIfAborted();
		try {
			return await ask('GET /api/billing/:id', { params: { id }, signal });
		} catch (error) {
			const isNotThereYet = isPassing(error) || (error instanceof Problem && error.status === 404);
			if (!isNotThereYet) throw error;
		}
	}
	return null;
}
