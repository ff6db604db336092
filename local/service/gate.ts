/** Delays requests while the code that they need is built. */
export class Gate {
	#closed: Promise<unknown> | undefined;

	get isClosed(): boolean {
		return this.#closed !== undefined;
	}

	/** Stays closed until the work settles, and whatever it has been closed for already. */
	closeFor(work: Promise<unknown>): void {
		const closed = Promise.allSettled([this.#closed, work]).then(() => {
			if (this.#closed === closed) this.#closed = undefined;
		});
		this.#closed = closed;
	}

	async passed(): Promise<void> {
		while (this.#closed) await this.#closed;
	}
}
