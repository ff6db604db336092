import type { TracesData } from '../../kit/trace/traces-data.ts';

/** The most memory for spans, as bytes of JSON. The oldest traces give way. */
const most = 16_000_000;

interface Stored {
	bytes: number;
	readonly resourceSpans: TracesData['resourceSpans'][number][];
}

/** The spans of the newest traces, in memory. */
export class Traces {
	/** By trace id, the oldest trace first. */
	readonly #traces = new Map<string, Stored>();
	readonly #most: number;
	#bytes = 0;

	constructor(limit = most) {
		this.#most = limit;
	}

	/** @param bytes the size of the spans as JSON */
	add({ resourceSpans }: TracesData, bytes: number): void {
		const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
		const each = bytes / Math.max(1, spans.length);
		for (const { resource, scopeSpans } of resourceSpans)
			for (const { scope, spans: own } of scopeSpans)
				for (const [id, part] of Map.groupBy(own, ({ traceId }) => traceId)) {
					const trace = this.#traces.get(id) ?? { bytes: 0, resourceSpans: [] };
					this.#traces.set(id, trace);
					trace.resourceSpans.push({ resource, scopeSpans: [{ scope, spans: part }] });
					trace.bytes += each * part.length;
					this.#bytes += each * part.length;
				}
		for (const [id, trace] of this.#traces) {
			if (this.#bytes <= this.#most) break;
			this.#traces.delete(id);
			this.#bytes -= trace.bytes;
		}
	}

	/** @param id 32 hexadecimal digits */
	find(id: string): TracesData {
		return { resourceSpans: this.#traces.get(id)?.resourceSpans ?? [] };
	}
}
