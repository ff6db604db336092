/** An amount as it travels (`"29.99"`), times a whole number, as it is written on a label; exact, so not with floats. */
export function dollars(amount: string, times = 1): string {
	const cents = BigInt(amount.replace('.', '')) * BigInt(times);
	return `$${(cents / 100n).toLocaleString('en')}.${String(cents % 100n).padStart(2, '0')}`;
}
