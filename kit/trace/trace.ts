import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** What is known of the request being handled, anywhere below it. */
export interface Trace {
	/** 32 hex digits, the same through every function and event that one request caused. */
	readonly traceId: string;
	/** 16 hex digits, this function's own step of it. */
	readonly spanId: string;
	/** The step that led to this one, if it is known. */
	readonly parentId?: string | undefined;
	/** The path of the request, before any rewriting; an event arrives on its trigger's name. */
	readonly path: string;
}

const storage = new AsyncLocalStorage<Trace>();

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** Runs `work` within the trace that a `traceparent` header or event attribute names (W3C Trace Context), or a new one. */
export function traced<T>(traceparent: string | undefined, path: string, work: () => T): T {
	const given = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}/.exec(traceparent ?? '');
	return storage.run({ traceId: given?.[1] ?? hex(16), spanId: hex(8), parentId: given?.[2], path }, work);
}

/** Runs `work` as a step of its own within the trace, or of a new one. */
export function within<T>(work: (step: Trace) => T): T {
	const trace = storage.getStore();
	const step = { traceId: trace?.traceId ?? hex(16), spanId: hex(8), parentId: trace?.spanId, path: trace?.path ?? '' };
	return storage.run(step, () => work(step));
}

export const currentTrace = (): Trace | undefined => storage.getStore();

/** The `traceparent` to send on. */
export function traceparent(): string {
	const trace = storage.getStore();
	return `00-${trace?.traceId ?? hex(16)}-${trace?.spanId ?? hex(8)}-01`;
}
