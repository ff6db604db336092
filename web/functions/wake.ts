import { useState } from 'react';
import { refresh } from '../api/query.ts';
import { send } from '../api/send.ts';

/** The state of waking a function; `took` is the response time in milliseconds. */
export type Wake =
	| { readonly state: 'waking' }
	| { readonly state: 'awake'; readonly took: number }
	| { readonly state: 'failed'; readonly error: unknown };

/** A function with its HTTP path. */
export interface Door {
	readonly name: string;
	readonly path: string;
}

export function useWakes() {
	const [wakes, setWakes] = useState<Readonly<Record<string, Wake>>>({});
	const wake = async ({ name, path }: Door): Promise<void> => {
		const note = (noted: Wake): void => setWakes((before) => ({ ...before, [name]: noted }));
		note({ state: 'waking' });
		const start = performance.now();
		try {
			// The cheapest request that the function itself answers.
			await send({ method: 'OPTIONS', path });
			note({ state: 'awake', took: performance.now() - start });
		} catch (error) {
			note({ state: 'failed', error });
		}
		refresh('GET /api/functions');
	};
	return { wakes, wake };
}
