/** Failed sign-ins to one account from everywhere, within the period, that are not slowed down. */
const free = 10;

/** The delay of the next attempt, in milliseconds: it doubles from `first` to `last`. */
const delay = { first: 250, last: 4_000 };

/** The most attempts that wait in one instance. Another one ends the wait of the one that has waited longest. */
const most = 10;

/** Functions that end a wait, the longest wait first. */
const waiting = new Set<() => void>();

/** Returns how long an attempt waits, in milliseconds, from the attempts to its account with this one. */
export const delayOf = (failures: number): number =>
	failures <= free ? 0 : Math.min(delay.first * 2 ** Math.min(failures - free - 1, 10), delay.last);

/**
 * Waits before the password of an account with many failed attempts is checked. It slows down guesses from many networks,
 * and never refuses one: the owner could be among them.
 * @param signal ends the wait, such as when the client disconnects
 */
export async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
	if (milliseconds === 0 || signal.aborted) return;
	if (waiting.size >= most) for (const end of [...waiting].slice(0, 1)) end();
	await new Promise<void>((resolve) => {
		const end = (): void => {
			clearTimeout(timer);
			waiting.delete(end);
			signal.removeEventListener('abort', end);
			resolve();
		};
		const timer = setTimeout(end, milliseconds);
		waiting.add(end);
		signal.addEventListener('abort', end);
	});
}
