import { type Headers, header } from '../event/event.ts';

/** Returns the headers that Knative forwards in addition to the event's own (utils/headers.go, PassThroughHeaders). */
export const passThrough = (headers: Headers): Record<string, string> =>
	pick(
		headers,
		(name) =>
			name === 'x-request-id' || name === 'retry-after' || name.startsWith('knative-') || name.startsWith('x-b3-'),
	);

/** Returns the W3C Trace Context headers of an event's request. Replies and dead letters keep this trace. */
export const traceOf = (headers: Headers): Record<string, string> =>
	pick(headers, (name) => name === 'traceparent' || name === 'tracestate');

function pick(headers: Headers, wanted: (name: string) => boolean): Record<string, string> {
	const picked: Record<string, string> = {};
	for (const name in headers) if (wanted(name)) picked[name] = header(headers, name) ?? '';
	return picked;
}
