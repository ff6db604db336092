/** Milliseconds after a save, in which a command or git can save more files. */
const settling = 100;

/** Runs work soon after a change, one run at a time. Changes during a run are covered by one more. */
export class Reload {
	readonly #work: () => Promise<void>;
	#timer: NodeJS.Timeout | undefined;
	#runs: Promise<void> = Promise.resolve();
	#next: PromiseWithResolvers<void> | undefined;

	constructor(work: () => Promise<void>) {
		this.#work = work;
	}

	/** Resolves when no change is left. */
	get settled(): Promise<void> {
		return this.#next?.promise ?? this.#runs;
	}

	/** Returns a promise of the run that covers this change. */
	changed(): Promise<void> {
		this.#next ??= Promise.withResolvers();
		const { promise } = this.#next;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => {
			const covered = this.#next;
			this.#next = undefined;
			this.#runs = this.#runs.then(this.#work);
			this.#runs.then(covered?.resolve, covered?.reject);
		}, settling);
		return promise;
	}

	/** Cancels a run that has not begun. */
	stop(): void {
		clearTimeout(this.#timer);
		this.#next?.resolve();
	}
}
