/** Bounds how much runs in parallel: in all, and for each known client, so that one client cannot take every place. */
export class Places {
	readonly #most: { readonly all: number; readonly client: number };
	readonly #taken = new Map<string, number>();
	#all = 0;

	constructor(most: { readonly all: number; readonly client: number }) {
		this.#most = most;
	}

	/** Returns the function that frees the place again, to be called once; or undefined if no place is free. */
	take(client: string | undefined): (() => void) | undefined {
		const taken = client === undefined ? 0 : (this.#taken.get(client) ?? 0);
		if (this.#all >= this.#most.all || taken >= this.#most.client) return undefined;
		this.#all += 1;
		if (client !== undefined) this.#taken.set(client, taken + 1);
		return () => {
			this.#all -= 1;
			if (client === undefined) return;
			const left = (this.#taken.get(client) ?? 0) - 1;
			if (left > 0) this.#taken.set(client, left);
			else this.#taken.delete(client);
		};
	}
}
