import { useState } from 'react';
import { refresh } from '../api/query.ts';
import { send } from '../api/send.ts';

/** A function that is woken, or has been: `took` says after how many milliseconds it answered. */
export type Wake =
	| { readonly state: 'waking' }
	| { readonly state: 'awake'; readonly took: number }
	| { readonly state: 'failed'; readonly error: unknown };

/** A function that can be asked something, and where. */
export interface Door {
	readonly name: string;
	readonly path: string;
}

/** Wakes functions, and keeps what came of it by their names. */
export function useWakes() {
	const [wakes, setWakes] = useState<Readonly<Record<string, Wake>>>({});
	const wake = async ({ name, path }: Door): Promise<void> => {
		const note = (noted: Wake): void => setWakes((before) => ({ ...before, [name]: noted }));
		note({ state: 'waking' });
		const start = performance.now();
		try {
			// The cheapest request there is, and the function answers it itself.
			await send({ method: 'OPTIONS', path });
			note({ state: 'awake', took: performance.now() - start });
		} catch (error) {
			note({ state: 'failed', error });
		}
		refresh('GET /api/functions');
	};
	return { wakes, wake };
}
