const shape = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;
/** Go's zero time, which the SDK treats as no time. */
const zero = '0001-01-01T00:00:00Z';

/**
 * Converts RFC 3339 to Go's format, as Knative's broker does: in UTC, without trailing zeros in the fraction. Returns
 * undefined if the text is no time, and '' for Go's zero time.
 *
 * It accepts what Go's time.Parse accepts. So a day must exist, there is no hour 24 and no second 60, and T and Z are in
 * upper case. An hour of one digit, a fraction after a comma, and an offset up to 24:60 are accepted.
 */
export function normalTime(text: string): string | undefined {
	const [, year, month, day, hour, minute, second, fraction = '', sign, hours, minutes] = shape.exec(text) ?? [];
	if (year === undefined) return undefined;
	if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
	if (Number(hours ?? 0) > 24 || Number(minutes ?? 0) > 60) return undefined;
	const date = new Date(0);
	// Date.UTC would read the years 0 to 99 as 1900 to 1999.
	date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
	if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
	const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * (sign === '-' ? -1 : 1);
	date.setUTCHours(Number(hour), Number(minute) - offset, Number(second));
	// The broker's parts pass the time on as text, and the next one cannot read another number of digits.
	if (date.getUTCFullYear() < 0 || date.getUTCFullYear() > 9999) return undefined;
	const rest = fraction.slice(0, 9).replace(/0+$/, '');
	const normal = date.toISOString().replace('.000Z', rest === '' ? 'Z' : `.${rest}Z`);
	return normal === zero ? '' : normal;
}
