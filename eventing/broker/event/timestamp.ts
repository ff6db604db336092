const shape = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;

/** Converts RFC 3339 to Go's format, as Knative's broker does: in UTC, without trailing zeros in the fraction. */
export function normalTime(text: string): string | undefined {
	const [, seconds, fraction = '', zone] = shape.exec(text) ?? [];
	const at = Date.parse(`${seconds}${zone}`);
	if (Number.isNaN(at)) return undefined;
	const kept = fraction.slice(0, 9).replace(/0+$/, '');
	return new Date(at).toISOString().replace('.000Z', kept === '' ? 'Z' : `.${kept}Z`);
}
