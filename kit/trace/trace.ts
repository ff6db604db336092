import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** The trace context of the current request, available to all code that runs for it. */
export interface Trace {
	/** 32 hex digits, the same in every function and event that one request causes. */
	readonly traceId: string;
	/** 16 hex digits; identifies this step of the trace. */
	readonly spanId: string;
	/** The step that caused this one; undefined in the first step of a trace. */
	readonly parentId?: string | undefined;
	/** The path of the request before any rewriting. The path of an event is its trigger's name. */
	readonly path: string;
}

const storage = new AsyncLocalStorage<Trace>();

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** Runs `work` in the trace of a `traceparent` header or event attribute (W3C Trace Context), else in a new trace. */
export function traced<T>(traceparent: string | undefined, path: string, work: () => T): T {
	const given = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}/.exec(traceparent ?? '');
	return storage.run({ traceId: given?.[1] ?? hex(16), spanId: hex(8), parentId: given?.[2], path }, work);
}

/** Runs `work` as a new step of the current trace, or of a new trace. */
export function within<T>(work: (step: Trace) => T): T {
	const trace = storage.getStore();
	const step = { traceId: trace?.traceId ?? hex(16), spanId: hex(8), parentId: trace?.spanId, path: trace?.path ?? '' };
	return storage.run(step, () => work(step));
}

export const currentTrace = (): Trace | undefined => storage.getStore();

export function traceparent(): string {
	const trace = storage.getStore();
	return `00-${trace?.traceId ?? hex(16)}-${trace?.spanId ?? hex(8)}-01`;
}
