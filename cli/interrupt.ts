/** Exit code of an interrupted program on Unix: 128 plus the number of SIGINT. */
export const interrupted = 130;

/** Runs some work. A signal or the end of the parent process aborts `stop`, and the work then cleans up. */
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
		// A listener for the end of the parent would keep the process alive.
		process.off('disconnect', abort);
	}
}
