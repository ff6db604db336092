/** The exact sum of amounts as they travel (`"29.99"`). */
export function sumOf(amounts: readonly string[]): string {
	const cents = amounts.reduce((sum, amount) => sum + BigInt(amount.replace('.', '')), 0n);
	return String(cents)
		.padStart(3, '0')
		.replace(/(\d\d)$/, '.$1');
}
