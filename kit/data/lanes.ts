import { limits } from './limits.ts';

/** Thrown when a transaction has waited too long for its lane. */
export class LaneBusy extends Error {}

/**
 * Lets the transactions of one lane run one after the other, so that those that wait for a locked row hold no connection.
 * The lock itself is in the database, because other instances have lanes of their own.
 */
export class Lanes {
	/** For each busy lane, the functions that admit those who wait. */
	readonly #waiting = new Map<string, (() => void)[]>();

	/** Returns the function that leaves the lane. @throws {LaneBusy} after `limits.connect` */
	async enter(lane: string): Promise<() => void> {
		const waiting = this.#waiting.get(lane);
		if (waiting)
			await new Promise<void>((resolve, reject) => {
				const admit = (): void => {
					clearTimeout(timer);
					resolve();
				};
				const timer = setTimeout(() => {
					waiting.splice(waiting.indexOf(admit), 1);
					reject(new LaneBusy(`others held "${lane}" for ${limits.connect / 1000} s`));
				}, limits.connect);
				waiting.push(admit);
			});
		else this.#waiting.set(lane, []);
		return () => {
			const next = this.#waiting.get(lane)?.shift();
			if (next) next();
			else this.#waiting.delete(lane);
		};
	}
}
