import { useSyncExternalStore } from 'react';

/** A value outside the component tree that components can follow. */
export class Store<Value> {
	#value: Value;
	readonly #followers = new Set<() => void>();

	constructor(value: Value) {
		this.#value = value;
	}

	get value(): Value {
		return this.#value;
	}

	set(value: Value): void {
		if (Object.is(value, this.#value)) return;
		this.#value = value;
		for (const follower of this.#followers) follower();
	}

	/** Calls `follower` after each change. Returns a function that stops this. */
	follow = (follower: () => void): (() => void) => {
		this.#followers.add(follower);
		return () => this.#followers.delete(follower);
	};
}

/** Returns the value of a store, and renders the component again after each change. */
export const useStore = <Value>(store: Store<Value>): Value => useSyncExternalStore(store.follow, () => store.value);
