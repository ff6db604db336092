/** What Unix has a program end with that was interrupted: 128 and the number of SIGINT. */
export const interrupted = 130;

/**
 * Does some work until it is done or the process is told to end, by a signal or by the end of its parent: then `stop` is
 * aborted, and the work puts in order what it has begun.
 */
export async function interruptible<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T | typeof interrupted> {
	const stop = new AbortController();
	const abort = (): void => stop.abort();
	const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
	for (const signal of signals) process.on(signal, abort);
	process.on('disconnect', abort);
	try {
		return await work(stop.signal);
	} catch (error) {
		if (stop.signal.aborted && (error as Error).name === 'AbortError') return interrupted;
		throw error;
	} finally {
		for (const signal of signals) process.off(signal, abort);
		// Whoever listens for the end of the parent keeps the process alive.
		process.off('disconnect', abort);
	}
}
