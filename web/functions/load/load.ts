import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { send } from '../../api/send.ts';
import { Store, useStore } from '../../api/store.ts';
import type { Door } from '../wake.ts';
import { type Bounds, type Burst, newBurst, run } from './burst.ts';
import { workloadOf } from './workload.ts';

/** A browser has six connections to one host at most (over HTTP/1.1), so more at once would only wait in it. */
export const bounds: Bounds = { requests: 2_000, milliseconds: 20_000, atOnce: 6 };

/** Milliseconds between two looks at how a load goes on. */
const pause = 250;

/** The function that this page has under load: they would share the connections, so there is one at a time. */
const laden = new Store<string | undefined>(undefined);

/** How a load went, or how it goes. */
export interface Load extends Readonly<Burst> {
	/** How long it has taken so far, in milliseconds. */
	readonly took: number;
}

/** Puts a function under load from here, in bounds. It ends when its house is no longer drawn. */
export function useLoad({ name, path }: Door) {
	const [load, setLoad] = useState<Load>();
	const stopping = useRef<AbortController>(undefined);
	const busy = useStore(laden);
	const { mutate, isPending } = useMutation({
		async mutationFn() {
			const burst = newBurst();
			const stop = new AbortController();
			stopping.current = stop;
			laden.set(name);
			const start = performance.now();
			const look = (): void => setLoad({ ...burst, took: performance.now() - start });
			const timer = setInterval(look, pause);
			look();
			await run(burst, (signal) => send({ ...workloadOf(name, path), signal }), bounds, stop.signal);
			clearInterval(timer);
			look();
			laden.set(undefined);
		},
	});
	const stop = (): void => stopping.current?.abort();
	useEffect(() => () => stopping.current?.abort(), []);
	return { load, running: isPending, elsewhere: busy !== undefined && busy !== name, start: mutate, stop };
}
