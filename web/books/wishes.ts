import { randomHex } from '../api/send.ts';

/** The idempotency keys of orders with an unknown outcome, by the order's content. */
const open = new Map<string, string>();

/** Returns the idempotency key of an order. The same content has the same key until the outcome is known. */
export function keyFor(wish: string): string {
	// `crypto.randomUUID` needs https or localhost, and a cluster's address can be neither.
	const key = open.get(wish) ?? randomHex(16);
	open.set(wish, key);
	return key;
}

/** Forgets the key of an order whose outcome is known, so that the same content is a new order. */
export const settle = (wish: string): void => {
	open.delete(wish);
};
