/** Sends `count` requests with at most `atOnce` in parallel. Returns the duration of each in milliseconds. */
export async function load(count: number, atOnce: number, send: () => Promise<void>) {
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
