const number = '([+-]?(?:\\d+(?:[.,](\\d*))?|[.,](\\d+)))';
const shape = new RegExp(
	`^([+-]?)P(?:${number}Y)?(?:${number}M)?(?:${number}W)?(?:${number}D)?(?:T(?:${number}H)?(?:${number}M)?(?:${number}S)?)?$`,
);
const day = 24 * 60 * 60 * 1000;
const year = 365.2425 * day;
/** Milliseconds in one Y, M, W, D, H, M and S, with Knative's mean year and month. */
const units = [year, year / 12, 7 * day, day, 60 * 60 * 1000, 60 * 1000, 1000];

/**
 * Parses an ISO 8601 duration. Returns milliseconds, or undefined if the text is not a duration. It can be negative.
 * Knative reads each number to one decimal place and drops the rest (github.com/rickb777/date/period is fixed-point),
 * so PT0.25S is 200 ms and PT0.05S is 0 ms. This parser does the same, so that waits have the same length on a laptop
 * as on a cluster. Only beyond nine years do the two differ by some hours, because Knative then counts in months.
 */
export function parseDuration(text: string): number | undefined {
	if (text === 'P0') return 0;
	const match = shape.exec(text);
	if (match === null) return undefined;
	let total: number | undefined;
	for (const [index, unit] of units.entries()) {
		const [found, fraction, bare] = match.slice(2 + 3 * index);
		if (found === undefined) continue;
		const tenths = Math.abs(Number.parseInt(found, 10) || 0) * 10 + Number((fraction ?? bare)?.[0] ?? 0);
		total = (total ?? 0) + ((found.startsWith('-') ? -tenths : tenths) * unit) / 10;
	}
	return match[1] === '-' && total !== undefined && total !== 0 ? -total : total;
}
