import { setTimeout as after } from 'node:timers/promises';

/** The pause before the first restart, and the longest one, in milliseconds. Each pause is twice the one before. */
const pauses = { first: 250, last: 5_000 };
/** Milliseconds after which a process counts as started: its end then begins with the first pause again. */
const steady = 10_000;

/**
 * The pauses before a part of the shop is started again: function, broker and Postgres have the same. The shop tries for as
 * long as it is open, because the cause can go away: a full disk, a port that another program uses, an error in a source.
 */
export class Restarts {
	#failures = 0;
	#at = 0;

	/** Records the end of a process that lived for `lived` milliseconds. Returns the milliseconds until the next start. */
	ended(lived = 0): number {
		if (lived > steady) this.#failures = 0;
		const pause = Math.min(pauses.first * 2 ** this.#failures, pauses.last);
		this.#failures += 1;
		this.#at = performance.now() + pause;
		return pause;
	}

	/** Milliseconds until the next start is due. */
	get left(): number {
		return Math.max(0, this.#at - performance.now());
	}

	/** Waits until the next start is due. @throws {Error} immediately if that takes more than 2 s */
	async wait(): Promise<void> {
		const { left } = this;
		// A first crash or two is worth waiting for. After more, requests fail instead of starting a process each.
		if (left > 2_000)
			throw new Error(`it keeps crashing; next attempt in ${Math.ceil(left / 1000)} s, see its log for the reason`);
		if (left > 0) await after(left);
	}

	/** Makes the next start due immediately. */
	reset(): void {
		this.#failures = 0;
		this.#at = 0;
	}
}
