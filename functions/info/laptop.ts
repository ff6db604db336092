import { Problem, unavailable } from '../../kit/http/problem.ts';
import { exchange } from '../../kit/net/exchange.ts';
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
	const ask = async (path: string, sent: { readonly method: string; readonly body?: string } = { method: 'GET' }) => {
		try {
			const headers = { authorization: `Bearer ${token}` };
			const { status, text } = await exchange(new URL(path, runnerUrl), { ...sent, headers, limit: timeout });
			if (status >= 300 && status !== 422) throw new Error(`the runner answered with status ${status}`);
			return { status, body: JSON.parse(text) as unknown };
		} catch (cause) {
			throw unavailable('The runner of the functions does not answer. Try again shortly.', cause);
		}
	};
	return {
		name: 'laptop',
		async observe() {
			const { body } = await ask('/functions');
			return new Map(Object.entries(body as Record<string, Observation>));
		},
		versions: async () => ({ kubernetes: null, knative: null }),
		openLog(services): LogReader {
			let after = 0;
			return async () => {
				const query = services.map((service) => `&source=${service}`).join('');
				const lines = (await ask(`/lines?after=${after}${query}`)).body as Line[];
				after = lines.at(-1)?.number ?? after;
				return lines.map(({ source, time, text }) => ({ service: source, time, text }));
			};
		},
		async scale(service, scaling: Scaling) {
			const sent = { method: 'PUT', body: JSON.stringify(scaling) };
			const { status, body } = await ask(`/functions/${service}/scaling`, sent);
			if (status !== 422) return body as CurrentScaling;
			const { faults } = body as { faults: Readonly<Record<string, string>> };
			const errors = Object.entries(faults).map(([name, detail]) => ({ field: `body.${name}`, detail }));
			const told = errors.map(({ field, detail }) => `${field}: ${detail}`).join('; ');
			throw new Problem(422, `This machine does not allow these values: ${told}.`, { errors });
		},
	};
}
