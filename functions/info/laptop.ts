import { Problem } from '../kit/problem.ts';
import type { Observation, Observe } from './observation.ts';

/** On the laptop the runner that starts and stops the processes knows. */
export function laptop(runnerUrl: string): Observe {
	return async () => {
		try {
			const answer = await fetch(new URL('/functions', runnerUrl));
			if (!answer.ok) throw new Error(`the runner answered ${answer.status}`);
			return new Map(Object.entries((await answer.json()) as Record<string, Observation>));
		} catch (cause) {
			throw new Problem(503, 'The runner of the functions does not answer. Try again shortly.', { cause });
		}
	};
}
