import type { Invoice } from '../../../functions/billing/api.ts';
import { ask } from '../../api/ask.ts';
import { isPassing, Problem } from '../../api/problem.ts';

/** The number of polls and the milliseconds between two: about a minute in all. */
const looks = 60;
const pause = 1_000;

const isNotThereYet = (error: unknown): boolean =>
	isPassing(error) || (error instanceof Problem && error.status === 404);

/** Polls for a requested invoice. Returns null if it is not issued within about a minute. */
export async function untilIssued(id: string, signal: AbortSignal): Promise<Invoice | null> {
	for (let look = 0; look < looks; look += 1) {
		await new Promise((resolve) => setTimeout(resolve, pause));
		signal.throwIfAborted();
		try {
			return await ask('GET /api/billing/:id', { params: { id }, signal });
		} catch (error) {
			if (!isNotThereYet(error)) throw error;
		}
	}
	return null;
}
