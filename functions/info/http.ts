import { json } from '../kit/config.ts';
import type { Context } from '../kit/context.ts';
import { implement } from '../kit/http.ts';
import { api, type FunctionState } from './api.ts';
import { kubernetes } from './kubernetes.ts';
import { laptop } from './laptop.ts';
import type { Observe } from './observation.ts';

type Told = Pick<FunctionState, 'name' | 'function' | 'purpose' | 'signature'>;

let observe: Observe | undefined;

export const operations = implement(api, {
	async listFunctions(_input, { config }: Context) {
		observe ??= config.env['RUNNER_URL'] ? laptop(config.env['RUNNER_URL']) : kubernetes(config.env);
		const seen = await observe();
		const none = { state: 'zero', instances: 0, requests: 0, cold_start_ms: null } as const;
		return (json<Told[]>('FUNCTIONS', config.env) ?? []).map((told) => ({ ...told, ...none, ...seen.get(told.name) }));
	},
});
