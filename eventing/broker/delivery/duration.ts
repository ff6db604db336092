const number = String.raw`(\d+)(?:[.,](\d*))?`;
const shape = new RegExp(
	`^\\+?P(?:${number}Y)?(?:${number}M)?(?:${number}W)?(?:${number}D)?(?:T(?:${number}H)?(?:${number}M)?(?:${number}S)?)?$`,
);
const day = 24 * 60 * 60 * 1000;
const year = 365.2425 * day;
/** What one Y, M, W, D, H, M and S are in milliseconds, with Knative's mean year and month. */
const units = [year, year / 12, 7 * day, day, 60 * 60 * 1000, 60 * 1000, 1000];

/**
 * An ISO 8601 duration in milliseconds, or undefined if it is none.
 *
 * Knative reads each number to one decimal place and drops the rest (github.com/rickb777/date/period is fixed-point), so
 * PT0.25S is 200 ms and PT0.05S is nothing. It is the same here: a wait must not be longer on the laptop than on the cluster.
 */
export function parseDuration(text: string): number | undefined {
	if (text === 'P0') return 0;
	const match = shape.exec(text);
	if (match === null) return undefined;
	let total: number | undefined;
	for (const [index, unit] of units.entries()) {
		const whole = match[2 * index + 1];
		if (whole === undefined) continue;
		const tenths = Number(whole) * 10 + Number(match[2 * index + 2]?.[0] ?? 0);
		total = (total ?? 0) + (tenths * unit) / 10;
	}
	return total;
}
