import { Problem } from '../../kit/http/problem.ts';
import type { Observation, Platform } from './platform.ts';

/** On the laptop the runner that starts and stops the processes knows; of Knative and Kubernetes there is nothing. */
export const laptop = (runnerUrl: string): Platform => ({
	name: 'laptop',
	async observe() {
		try {
			const answer = await fetch(new URL('/functions', runnerUrl));
			if (!answer.ok) throw new Error(`the runner answered ${answer.status}`);
			return new Map(Object.entries((await answer.json()) as Record<string, Observation>));
		} catch (cause) {
			throw new Problem(503, 'The runner of the functions does not answer. Try again shortly.', {
				headers: { 'retry-after': '2' },
				cause,
			});
		}
	},
	versions: async () => ({ kubernetes: null, knative: null }),
});
