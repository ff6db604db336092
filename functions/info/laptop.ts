import { unavailable } from '../../kit/http/problem.ts';
import type { Observation, Platform } from './platform.ts';

/** The longest time for an answer, in milliseconds. */
const timeout = 3_000;

/** Reads the states from the runner, which starts and stops the processes. A laptop has no Knative or Kubernetes. */
export const laptop = (runnerUrl: string): Platform => ({
	name: 'laptop',
	async observe() {
		try {
			const answer = await fetch(new URL('/functions', runnerUrl), { signal: AbortSignal.timeout(timeout) });
			if (!answer.ok) throw new Error(`the runner answered with status ${answer.status}`);
			return new Map(Object.entries((await answer.json()) as Record<string, Observation>));
		} catch (cause) {
			throw unavailable('The runner of the functions does not answer. Try again shortly.', cause);
		}
	},
	versions: async () => ({ kubernetes: null, knative: null }),
});
