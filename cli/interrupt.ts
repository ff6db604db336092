/** Exit code of an interrupted program on Unix: 128 plus the number of SIGINT. */
export const interrupted = 130;

/** Milliseconds in which one Ctrl-C can arrive more than once: from the terminal, from npm and from the launcher. */
const echo = 250;
/** Milliseconds for the work to clean up when its terminal or its launcher has gone. */
const patience = 500;

/**
 * Runs some work. A signal or the end of the parent process aborts `stop`, and the work then cleans up. A second Ctrl-C ends
 * this process immediately.
 */
export async function interruptible<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T | typeof interrupted> {
	const stop = new AbortController();
	let first: number | undefined;
	const abort = (): void => {
		stop.abort();
		first ??= performance.now();
		if (performance.now() - first > echo) process.exit(interrupted);
	};
	const abandon = (): void => {
		stop.abort();
		setTimeout(() => process.exit(1), patience).unref();
	};
	process.on('SIGINT', abort).on('SIGTERM', abort).on('SIGHUP', abandon).on('disconnect', abandon);
	try {
		return await work(stop.signal);
	} catch (error) {
		if (stop.signal.aborted && (error as Error).name === 'AbortError') return interrupted;
		throw error;
	} finally {
		process.off('SIGINT', abort).off('SIGTERM', abort).off('SIGHUP', abandon);
		// A listener for the end of the parent would keep the process alive.
		process.off('disconnect', abandon);
	}
}
