import { Problem, unavailable } from '../../kit/http/problem.ts';
import type { CurrentScaling, Scaling } from './api.ts';
import type { LogReader, Observation, Platform } from './platform.ts';

/** The longest time for an answer, in milliseconds. */
const timeout = 3_000;

/** A line of the runner's control API. */
interface Line {
	readonly number: number;
	readonly time: string;
	readonly source: string;
	readonly text: string;
}

/** Asks the runner, which starts and stops the processes. A laptop has no Knative or Kubernetes. */
export function laptop(runnerUrl: string, token = ''): Platform {
	const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
		try {
			const headers = { authorization: `Bearer ${token}` };
			const answer = await fetch(new URL(path, runnerUrl), { headers, signal: AbortSignal.timeout(timeout), ...init });
			if (!answer.ok && answer.status !== 422) throw new Error(`the runner answered with status ${answer.status}`);
			return answer;
		} catch (cause) {
			throw unavailable('The runner of the functions does not answer. Try again shortly.', cause);
		}
	};
	return {
		name: 'laptop',
		async observe() {
			const answer = await ask('/functions');
			return new Map(Object.entries((await answer.json()) as Record<string, Observation>));
		},
		versions: async () => ({ kubernetes: null, knative: null }),
		openLog(services): LogReader {
			let after = 0;
			return async () => {
				const query = services.map((service) => `&source=${service}`).join('');
				const lines = (await (await ask(`/lines?after=${after}${query}`)).json()) as Line[];
				after = lines.at(-1)?.number ?? after;
				return lines.map(({ source, time, text }) => ({ service: source, time, text }));
			};
		},
		async scale(service, scaling: Scaling) {
			const answer = await ask(`/functions/${service}/scaling`, { method: 'PUT', body: JSON.stringify(scaling) });
			if (answer.ok) return (await answer.json()) as CurrentScaling;
			const { faults } = (await answer.json()) as { faults: Readonly<Record<string, string>> };
			const errors = Object.entries(faults).map(([name, detail]) => ({ field: `body.${name}`, detail }));
			const told = errors.map(({ field, detail }) => `${field}: ${detail}`).join('; ');
			throw new Problem(422, `This machine does not allow these values: ${told}.`, { errors });
		},
	};
}
