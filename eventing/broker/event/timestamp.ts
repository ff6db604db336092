const shape = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;

/**
 * An RFC 3339 time as Go writes it (RFC3339Nano): in UTC, its fraction without zeros at the end. That is how a time arrives
 * from the real broker, whatever zone it was sent in. Undefined if the text is no time.
 */
export function normalTime(text: string): string | undefined {
	const [, seconds, fraction = '', zone] = shape.exec(text) ?? [];
	const at = Date.parse(`${seconds}${zone}`);
	if (Number.isNaN(at)) return undefined;
	const kept = fraction.slice(0, 9).replace(/0+$/, '');
	return new Date(at).toISOString().replace('.000Z', kept === '' ? 'Z' : `.${kept}Z`);
}
