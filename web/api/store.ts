import { useSyncExternalStore } from 'react';

/** A value outside the components, which they follow. */
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

	/** Calls `follower` after each change; answers with how to stop it. */
	follow = (follower: () => void): (() => void) => {
		this.#followers.add(follower);
		return () => this.#followers.delete(follower);
	};
}

/** The value of a store as a component sees it, which is drawn again with each change. */
export const useStore = <Value>(store: Store<Value>): Value => useSyncExternalStore(store.follow, () => store.value);
