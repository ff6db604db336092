import { AsyncLocalStorage } from 'node:async_hooks';

/** The trace context of the current request, available to all code that runs for it. */
export interface Trace {
	/** 32 hex digits, the same in every function and event that one request causes. */
	readonly traceId: string;
	/** 16 hex digits; identifies this step of the trace. */
	readonly spanId: string;
	/** The step that caused this one; undefined in the first step of a trace. */
	readonly parentId?: string | undefined;
	/** Whether the caller records the trace. Only then do we record our steps; a new trace is recorded. */
	readonly sampled: boolean;
	/** The path of the request before any rewriting. The path of an event is its trigger's name. */
	readonly path: string;
}

const storage = new AsyncLocalStorage<Trace>();

/**
 * Random bytes for the next ids, a block at once. Ids are not secret, so they do not come from `crypto`, which takes 3 ms of a cold
 * start (OpenTelemetry's SDK takes them from `Math.random` too).
 */
const block = new Uint32Array(1_024);
const bytes = Buffer.from(block.buffer);
let used = bytes.length;

function hex(length: number): string {
	if (used + length > bytes.length) {
		for (let index = 0; index < block.length; index += 1) block[index] = Math.random() * 2 ** 32;
		used = 0;
	}
	used += length;
	return bytes.toString('hex', used - length, used);
}

/**
 * A `traceparent`: version, trace id, parent id and flags (W3C Trace Context, 3.2). Version 00 has exactly these 55 characters.
 * A later version can have more fields. A comma means that there are several headers.
 */
const format = /^(?!ff|00.{54})[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-[^,]*)?$/;

/** Runs `work` in the trace of a `traceparent` header. Starts a new trace without one, or if it is invalid. */
export function traced<T>(traceparent: string | undefined, path: string, work: () => T): T {
	const [, traceId = hex(16), parentId, flags = '01'] = format.exec(traceparent ?? '') ?? [];
	const sampled = (Number.parseInt(flags, 16) & 1) === 1;
	return storage.run({ traceId, spanId: hex(8), parentId, sampled, path }, work);
}

/** Runs `work` as a new step of the current trace, or of a new trace. */
export function within<T>(work: (step: Trace) => T): T {
	const trace = storage.getStore();
	const step = {
		traceId: trace?.traceId ?? hex(16),
		spanId: hex(8),
		parentId: trace?.spanId,
		sampled: trace?.sampled ?? true,
		path: trace?.path ?? '',
	};
	return storage.run(step, () => work(step));
}

export const currentTrace = (): Trace | undefined => storage.getStore();

export function traceparent(): string {
	const trace = storage.getStore();
	return `00-${trace?.traceId ?? hex(16)}-${trace?.spanId ?? hex(8)}-${trace?.sampled === false ? '00' : '01'}`;
}
