import type { Order, OrderInput } from '../functions/orders/api.ts';
import { Lost, Problem, postOrder } from './api.ts';

/** Seconds before each further attempt. */
const pauses = [1, 2, 4];

/** Places orders so that a customer who presses twice, after an answer was lost, has still ordered once. */
export class Placing {
	#last: { readonly content: string; readonly key: string } | undefined;

	/**
	 * @param tell what went wrong, while it is tried again
	 * @throws {Problem | Lost}
	 */
	async place(input: OrderInput, tell: (text: string) => void): Promise<Order> {
		const key = this.#keyFor(input);
		for (let attempt = 0; ; attempt++) {
			try {
				const order = await postOrder(input, key);
				this.#last = undefined;
				return order;
			} catch (error) {
				const passing = error instanceof Lost || (error instanceof Problem && error.passing);
				if (!passing) this.#last = undefined;
				const pause = pauses[attempt];
				if (!passing || pause === undefined) throw error;
				tell(`${error.message} Trying again…`);
				await new Promise((resolve) => setTimeout(resolve, pause * 1000));
			}
		}
	}

	/** The same order has the same key until it is known what became of it. */
	#keyFor(input: OrderInput): string {
		const content = JSON.stringify(input);
		if (this.#last?.content !== content) this.#last = { content, key: randomKey() };
		return this.#last.key;
	}
}

/** `crypto.randomUUID` is there only under https and on localhost, and a cluster's address may be neither. */
const randomKey = (): string =>
	[...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
