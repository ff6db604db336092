import type { ChildProcess } from 'node:child_process';

/** How a child ended: its exit code, or the signal that ended it, or the error that kept it from starting. */
export type Ending = number | NodeJS.Signals | Error;

/**
 * Resolves when a child has ended, also if it never started.
 * @param event `close` waits until nobody has its output open any more
 */
export const endOf = (child: ChildProcess, event: 'exit' | 'close' = 'exit'): Promise<Ending> =>
	new Promise((resolve) => {
		child.once('error', resolve);
		child.once(event, (code: number | null, signal: NodeJS.Signals | null) => resolve(code ?? signal ?? 0));
	});

/** Describes an ending for a log line. */
export const describeEnd = (ending: Ending): string =>
	typeof ending === 'number' ? `exit code ${ending}` : ending instanceof Error ? ending.message : ending;
