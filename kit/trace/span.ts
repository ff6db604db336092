import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../http/problem.ts';
import type { Attributes, Kind, Span } from './otlp.ts';
import { currentTrace, within } from './trace.ts';

/** Where spans are sent, once they are to be: without it a span is nothing but its work. */
let collect: ((span: Span) => void) | undefined;
let finish: () => Promise<void> = async () => {};

const now = (): number => performance.timeOrigin + performance.now();

/** Sends spans from now on to an OTLP endpoint, if there is one; what sends them is loaded only then. */
export async function collectSpans(endpoint: string | undefined, service: string): Promise<void> {
	if (!endpoint) return;
	const { Exporter } = await import('./otlp.ts');
	const exporter = new Exporter(endpoint, service);
	collect = exporter.add;
	finish = exporter.flush;
}

/** Sends what has not been sent yet. */
export const flushSpans = (): Promise<void> => finish();

/** Does some work as a step of the trace, with what it calls below it. */
export function span<T>(name: string, kind: Kind, attributes: Attributes, work: () => Promise<T>): Promise<T> {
	if (!collect) return work();
	return within(async (step) => {
		const start = now();
		const done = (error?: unknown): void =>
			collect?.({
				...step,
				name,
				kind,
				attributes,
				start,
				end: now(),
				error: error === undefined ? undefined : messageOf(error),
			});
		try {
			const result = await work();
			done();
			return result;
		} catch (error) {
			done(error);
			throw error;
		}
	});
}

/** The handling of a request, until what is answered with is called: what `currentTrace` tells is this span. */
export function serverSpan(req: IncomingMessage, res: ServerResponse): () => void {
	const trace = currentTrace();
	if (!collect || !trace) return () => {};
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
