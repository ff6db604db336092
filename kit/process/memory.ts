import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects garbage now. V8 counts neither a container's limit nor the memory of buffers when it decides how long to wait, so
 * the remains of several large bodies would exceed the limit. It takes some 50 ms, little compared to parsing such a body.
 */
export const collectGarbage = (): void => collect('regular');

/**
 * Returns the memory to the system that only the start of a process needed: 7 MB of the shop's, 6 of the broker's. Without it
 * they stay with V8, which collects them only when the heap has grown. Blocks the event loop meanwhile. Not for a function: it
 * discards compiled code, so that the next second of a load has two thirds of the requests.
 */
export const freeMemory = (): void => collect('last-resort');

function collect(flavor: 'regular' | 'last-resort'): void {
	// Not as an option of the start: with most of them V8 rejects the code cache of Node's own modules (node-options.ts).
	setFlagsFromString('--expose-gc');
	const gc = runInNewContext('gc') as NodeJS.GCFunction;
	setFlagsFromString('--no-expose-gc');
	gc({ type: 'major', execution: 'sync', flavor });
}
