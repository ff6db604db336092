/** The keys of the wishes of which it is not known yet what became of them, by what is wished for. */
const open = new Map<string, string>();

/** What makes the same wish the same order, however often it is sent, until it is known what became of it. */
export function keyFor(wish: string): string {
	const key = open.get(wish) ?? randomKey();
	open.set(wish, key);
	return key;
}

/** It is known what became of a wish: the same one, once more, is another. */
export const settle = (wish: string): void => {
	open.delete(wish);
};

/** `crypto.randomUUID` is there only under https and on localhost, and a cluster's address may be neither. */
const randomKey = (): string =>
	[...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
