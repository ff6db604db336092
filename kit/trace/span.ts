import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../http/problem.ts';
import type { Attributes, Kind, Span } from './otlp.ts';
import { currentTrace, within } from './trace.ts';

/** Receives the finished spans. While it is undefined, `span` only runs its work. */
let collect: ((span: Span) => void) | undefined;
let finish: () => Promise<void> = async () => {};

const now = (): number => performance.timeOrigin + performance.now();

/** Starts sending spans to an OTLP endpoint. Without an endpoint it does nothing, not even load the exporter. */
export async function collectSpans(endpoint: string | undefined, service: string): Promise<void> {
	if (!endpoint) return;
	const { Exporter } = await import('./otlp.ts');
	const exporter = new Exporter(endpoint, service);
	collect = exporter.add;
	finish = exporter.flush;
}

export const flushSpans = (): Promise<void> => finish();

/**
 * Runs `work` as a span of the current trace. Spans that start within it become its children.
 * @param name a function, if the name depends on what `work` finds
 */
export function span<T>(
	name: string | (() => string),
	kind: Kind,
	attributes: Attributes,
	work: () => Promise<T>,
): Promise<T> {
	if (!collect || currentTrace()?.sampled === false) return work();
	return within(async (step) => {
		const start = now();
		const done = (error?: string): void => {
			const named = typeof name === 'string' ? name : name();
			collect?.({ ...step, name: named, kind, attributes, start, end: now(), error });
		};
		try {
			const result = await work();
			done();
			return result;
		} catch (error) {
			done(messageOf(error));
			throw error;
		}
	});
}

/** Starts the span of a request, with the ids of `currentTrace`. The returned function ends the span. */
export function serverSpan(req: IncomingMessage, res: ServerResponse): () => void {
	const trace = currentTrace();
	if (!collect || !trace?.sampled) return () => {};
	const start = now();
	const path = trace.path;
	return () => {
		const { statusCode } = res;
		collect?.({
			...trace,
			name: `${req.method} ${path}`,
			kind: 'server',
			start,
			end: now(),
			attributes: { 'http.request.method': req.method, 'url.path': path, 'http.response.status_code': statusCode },
			error: statusCode >= 500 ? `answered ${statusCode}` : undefined,
		});
	};
}
