/** The result of a load: each request's duration in milliseconds, and the requests per second. */
export interface Load {
	readonly times: readonly number[];
	readonly perSecond: number;
}

/** Sends `count` requests with at most `atOnce` in parallel. */
export async function load(count: number, atOnce: number, send: () => Promise<void>): Promise<Load> {
	const times: number[] = [];
	let left = count;
	const sender = async (): Promise<void> => {
		while (left-- > 0) {
			const start = performance.now();
			await send();
			times.push(performance.now() - start);
		}
	};
	const start = performance.now();
	await Promise.all(Array.from({ length: atOnce }, sender));
	return { times, perSecond: (count * 1000) / (performance.now() - start) };
}
