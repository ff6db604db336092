import type { Log } from './log.ts';

/** The pause between two lines in milliseconds. */
const pause = 1_000;

/** Logs the events that a full broker answers with 503: at most one line a second, because there can be thousands. */
export class Refusals {
	readonly #log: Log;
	#next = 0;
	#events = 0;

	constructor(log: Log) {
		this.#log = log;
	}

	add(bound: string, details: object): void {
		this.#events += 1;
		const now = performance.now();
		if (now < this.#next) return;
		const message = `rejected events: ${bound}`;
		this.#log({ severity: 'WARNING', message, events: this.#events, ...details });
		this.#next = now + pause;
		this.#events = 0;
	}
}
