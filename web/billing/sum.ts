/** Returns the exact sum of decimal amounts such as `"29.99"`. */
export function sumOf(amounts: readonly string[]): string {
	const cents = amounts.reduce((sum, amount) => sum + BigInt(amount.replace('.', '')), 0n);
	return String(cents)
		.padStart(3, '0')
		.replace(/(\d\d)$/, '.$1');
}
