/** Exit code of an interrupted program on Unix: 128 plus the number of SIGINT. */
export const interrupted = 130;

/** Milliseconds for cleaning up after an interrupt. */
const patience = 1_800;

const controller = new AbortController();

/** Aborted when this command is interrupted. Programs that run then are ended, and no others are started, except to clean up. */
export const stop: AbortSignal = controller.signal;

let unfinished = '';

/** Sets what an interrupt prints from now on: what is half done, and what to do about it. Empty if nothing is. */
export function onInterrupt(sentence: string): void {
	unfinished = sentence;
}

/**
 * Runs the work of a command. A signal aborts `stop`. The work then has 1.8 s to clean up.
 * @returns the exit code: the number that the work returns, or else 0; 130 after an interrupt
 */
export async function interruptible(work: (stop: AbortSignal) => Promise<unknown>): Promise<number> {
	const end = (): never => {
		if (unfinished) process.stderr.write(`Interrupted. ${unfinished}\n`);
		process.exit(interrupted);
	};
	const abort = (): void => {
		if (stop.aborted) return; // Ctrl-C reaches this process twice, from the terminal and from npm.
		controller.abort();
		setTimeout(end, patience).unref();
	};
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, abort);
	try {
		const code = await work(stop);
		if (stop.aborted) return end();
		return typeof code === 'number' ? code : 0;
	} catch (error) {
		if (!stop.aborted) throw error;
		if ((error as Error).name !== 'AbortError') process.stderr.write(`${(error as Error).message}\n`);
		return end();
	}
}
