/** A book in the cart, and how many copies of it. */
export interface CartLine {
	readonly book_id: number;
	readonly quantity: number;
}

/** The most books in an order, and the most copies of each: `OrderInput` in functions/orders/api.ts. */
export const most = { lines: 20, quantity: 50_000 };

const isWhole = (value: unknown, highest: number): value is number =>
	typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= highest;

/** Reads a stored cart. Leaves out what is malformed, because anyone can edit what a browser stores. */
export function readLines(text: string | undefined): readonly CartLine[] {
	let stored: unknown;
	try {
		stored = JSON.parse(text ?? '[]');
	} catch {
		return [];
	}
	if (!Array.isArray(stored)) return [];
	const lines = (stored as (Partial<CartLine> | null)[]).flatMap((line) =>
		isWhole(line?.book_id, 2_147_483_647) && isWhole(line.quantity, most.quantity)
			? [{ book_id: line.book_id, quantity: line.quantity }]
			: [],
	);
	return [...new Map(lines.map((line) => [line.book_id, line])).values()].slice(0, most.lines);
}

/** Adds copies of a book. Returns undefined when the cart has no room for another book. */
export function withMore(lines: readonly CartLine[], book_id: number, copies: number): readonly CartLine[] | undefined {
	const before = lines.find((line) => line.book_id === book_id);
	if (!before) return lines.length < most.lines ? [...lines, { book_id, quantity: copies }] : undefined;
	return withQuantity(lines, book_id, Math.min(before.quantity + copies, most.quantity));
}

export const withQuantity = (lines: readonly CartLine[], book_id: number, quantity: number): readonly CartLine[] =>
	lines.map((line) => (line.book_id === book_id ? { book_id, quantity } : line));

export const without = (lines: readonly CartLine[], book_id: number): readonly CartLine[] =>
	lines.filter((line) => line.book_id !== book_id);

/** Returns the exact price of the lines whose price is known, as a decimal amount. */
export function totalOf(lines: readonly CartLine[], priceOf: (book_id: number) => string | undefined): string {
	const cents = lines.reduce(
		(sum, { book_id, quantity }) => sum + BigInt((priceOf(book_id) ?? '0').replace('.', '')) * BigInt(quantity),
		0n,
	);
	return String(cents)
		.padStart(3, '0')
		.replace(/(\d\d)$/, '.$1');
}
