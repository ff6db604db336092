import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { send } from '../../api/send.ts';
import { Store, useStore } from '../../api/store.ts';
import type { Door } from '../wake.ts';
import { type Bounds, type Burst, newBurst, run } from './burst.ts';
import { workloadOf } from './workload.ts';

/** A browser opens at most six connections to a host (over HTTP/1.1), so more parallel requests would only queue. */
export const mostAtOnce = 6;
export const bounds: Omit<Bounds, 'atOnce'> = { requests: 2_000, milliseconds: 20_000 };

/** The function under load. Only one at a time, because load tests would share the browser's connections. */
const laden = new Store<string | undefined>(undefined);

export interface Load extends Readonly<Burst> {
	/** The duration so far, in milliseconds. */
	readonly took: number;
}

/** Load-tests a function from this browser, within `bounds`. The test stops when the component unmounts. */
export function useLoad({ name, path }: Door) {
	const [load, setLoad] = useState<Load>();
	const stopping = useRef<AbortController>(undefined);
	const busy = useStore(laden);
	const { mutate, isPending } = useMutation({
		async mutationFn(atOnce: number) {
			const burst = newBurst();
			const stop = new AbortController();
			stopping.current = stop;
			laden.set(name);
			const start = performance.now();
			const look = (): void => setLoad({ ...burst, took: performance.now() - start });
			const timer = setInterval(look, 250);
			look();
			await run(burst, (signal) => send({ ...workloadOf(name, path), signal }), { ...bounds, atOnce }, stop.signal);
			clearInterval(timer);
			look();
			laden.set(undefined);
		},
	});
	const stop = (): void => stopping.current?.abort();
	useEffect(() => () => stopping.current?.abort(), []);
	return { load, running: isPending, elsewhere: busy !== undefined && busy !== name, start: mutate, stop };
}
