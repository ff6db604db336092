import type { TracesData } from '../../functions/event-log/api.ts';

export type ExportedSpan = TracesData['resourceSpans'][number]['scopeSpans'][number]['spans'][number];

/** A span of a trace as a line. */
export interface Line {
	readonly id: string;
	/** The Service that recorded it: `books`, or `books-events`. */
	readonly service: string;
	readonly what: 'http' | 'query' | 'event' | 'step';
	readonly name: string;
	/** The number of spans above it that contain it. */
	readonly depth: number;
	/** Milliseconds since the start of the trace. */
	readonly start: number;
	/** Milliseconds. */
	readonly took: number;
	readonly error: string | undefined;
	readonly attributes: readonly (readonly [string, string])[];
}

export interface Waterfall {
	/** Each span directly after the one that caused it. */
	readonly lines: readonly Line[];
	/** Milliseconds from the first start to the last end. */
	readonly took: number;
}

/** `SpanKind` of OTLP. */
const kinds: Readonly<Record<number, Line['what']>> = { 2: 'http', 3: 'http', 4: 'event', 5: 'event' };

/** Lays the spans of a trace on one axis of time. */
export function layOut({ resourceSpans }: TracesData): Waterfall {
	const spans = resourceSpans.flatMap(({ resource, scopeSpans }) => {
		const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
		return scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ span, service })));
	});
	if (spans.length === 0) return { lines: [], took: 0 };
	const begun = earliest(spans.map(({ span }) => BigInt(span.startTimeUnixNano)));
	const since = (time: string): number => Number(BigInt(time) - begun) / 1e6;
	const known = new Set(spans.map(({ span }) => span.spanId));
	const children = Map.groupBy(
		spans.toSorted((one, other) => since(one.span.startTimeUnixNano) - since(other.span.startTimeUnixNano)),
		({ span: { parentSpanId = '' } }) => (known.has(parentSpanId) ? parentSpanId : ''),
	);
	const linesBelow = (parent: string, depth: number): Line[] =>
		(children.get(parent) ?? []).flatMap(({ span, service }) => [
			{
				id: span.spanId,
				service,
				what: whatOf(span),
				name: span.name,
				depth,
				start: since(span.startTimeUnixNano),
				took: since(span.endTimeUnixNano) - since(span.startTimeUnixNano),
				error: span.status?.message,
				attributes: span.attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? ''] as const),
			},
			...linesBelow(span.spanId, depth + 1),
		]);
	return {
		lines: linesBelow('', 0),
		took: Math.max(...spans.map(({ span }) => since(span.endTimeUnixNano))),
	};
}

const whatOf = ({ kind, attributes }: ExportedSpan): Line['what'] =>
	attributes.some(({ key }) => key === 'db.system.name') ? 'query' : (kinds[kind] ?? 'step');

const earliest = (times: readonly bigint[]): bigint => times.reduce((first, time) => (time < first ? time : first));
