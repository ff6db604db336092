import { shop } from '../../shop.ts';
import { messageOf } from '../http/problem.ts';
import { exchange } from '../net/exchange.ts';
import { log } from './log.ts';
import type { Trace } from './trace.ts';

export type Kind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A finished step of a trace, ready for export (OpenTelemetry: "Span"). */
export interface Span extends Pick<Trace, 'traceId' | 'spanId' | 'parentId'> {
	readonly name: string;
	readonly kind: Kind;
	/** Milliseconds since 1970, with fractions. */
	readonly start: number;
	readonly end: number;
	readonly attributes: Attributes;
	readonly error?: string | undefined;
}

/** `SpanKind` of OTLP (opentelemetry/proto/trace/v1). */
const kinds: Readonly<Record<Kind, number>> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };
const statusCodeError = 2;

/** Spans are sent in batches, this many milliseconds after the first span of a batch. */
const delay = 500;
/** The most spans in a batch; further ones are dropped. */
const most = 2_000;
/** The time limit of one export, in milliseconds. */
const timeout = 5_000;

/** Sends spans to a collector as OTLP over HTTP, in JSON (OpenTelemetry Protocol, "OTLP/HTTP"). */
export class Exporter {
	readonly #url: URL;
	readonly #service: string;
	#spans: Span[] = [];
	#timer: NodeJS.Timeout | undefined;
	#complained = false;

	constructor(endpoint: string, service: string) {
		this.#url = new URL(`${endpoint.replace(/\/$/, '')}/v1/traces`);
		this.#service = service;
	}

	add = (span: Span): void => {
		if (this.#spans.length < most) this.#spans.push(span);
		this.#timer ??= setTimeout(() => void this.flush(), delay).unref();
	};

	flush = async (): Promise<void> => {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		const spans = this.#spans;
		this.#spans = [];
		if (!spans.length) return;
		try {
			const headers = { 'content-type': 'application/json' };
			const body = JSON.stringify(requestOf(this.#service, spans));
			const { status } = await exchange(this.#url, { method: 'POST', headers, body, limit: timeout });
			if (status >= 300) throw new Error(`the collector answered ${status}`);
		} catch (error) {
			// Log the first failure only: traces are optional, and an unreachable collector would fill the log.
			if (!this.#complained) log.warn('cannot send spans; later failures are not logged', { error: messageOf(error) });
			this.#complained = true;
		}
	};
}

/** Builds an `ExportTraceServiceRequest`, with ids in hex and 64-bit numbers as text ("JSON Protobuf Encoding"). */
const requestOf = (service: string, spans: readonly Span[]): object => ({
	resourceSpans: [
		{
			resource: { attributes: attributesOf({ 'service.name': service, 'service.namespace': shop.name }) },
			scopeSpans: [{ scope: { name: shop.name }, spans: spans.map(encoded) }],
		},
	],
});

const encoded = ({ traceId, spanId, parentId, name, kind, start, end, attributes, error }: Span): object => ({
	traceId,
	spanId,
	...(parentId ? { parentSpanId: parentId } : {}),
	name,
	kind: kinds[kind],
	startTimeUnixNano: nanoseconds(start),
	endTimeUnixNano: nanoseconds(end),
	attributes: attributesOf(attributes),
	...(error ? { status: { code: statusCodeError, message: error } } : {}),
});

const nanoseconds = (milliseconds: number): string => String(BigInt(Math.round(milliseconds * 1000)) * 1000n);

const attributesOf = (attributes: Attributes): object[] =>
	Object.entries(attributes).flatMap(([key, value]) =>
		value === undefined
			? []
			: [{ key, value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value } }],
	);
