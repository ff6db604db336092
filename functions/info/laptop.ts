import { Problem } from '../kit/problem.ts';
import type { Observation, Observe } from './observation.ts';

/** On the laptop the runner that starts and stops the processes knows. */
export function laptop(runnerUrl: string): Observe {
	return async () => {
		const answer = await fetch(new URL('/functions', runnerUrl)).catch((cause: unknown) => {
			throw new Problem(503, 'The runner of the functions does not answer.', { cause });
		});
		return new Map(Object.entries((await answer.json()) as Record<string, Observation>));
	};
}
