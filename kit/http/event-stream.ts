import { setTimeout as after } from 'node:timers/promises';
import type { Exchange } from './http.ts';
import { Text } from './text.ts';

/** In milliseconds. */
interface Pace {
	/** How long one stream lasts. */
	readonly longest: number;
	/** How often a stream without news shows that it is still there, so that nothing in between takes it for dead. */
	readonly heartbeat: number;
}

/** A stream is less than the 300 s that a Knative revision grants a request; a browser connects again. */
const usual: Pace = { longest: 240_000, heartbeat: 15_000 };

/**
 * An answer as server-sent events (HTML, 9.2): each update is one message of JSON, as it comes. It ends with the last one,
 * when the caller has gone, and when the instance is told to stop; then `signal` is aborted, and `updates` ends by it.
 * The operation lists `text/event-stream` in its `alternatives`.
 */
export function eventStream(
	exchange: Exchange,
	updates: (signal: AbortSignal) => AsyncIterable<unknown>,
	pace = usual,
): Text {
	return new Text('text/event-stream', messages(exchange.signal, updates, pace));
}

async function* messages(
	signal: AbortSignal,
	updates: (signal: AbortSignal) => AsyncIterable<unknown>,
	{ longest, heartbeat }: Pace,
): AsyncGenerator<string> {
	const over = new AbortController();
	const timer = setTimeout(() => over.abort(), longest);
	const end = AbortSignal.any([signal, over.signal]);
	const iterator = updates(end)[Symbol.asyncIterator]();
	try {
		// Said at once: the headers go with it, so that the browser knows that the stream is open.
		yield 'retry: 1000\n\n';
		let next: Promise<IteratorResult<unknown>> | undefined;
		while (!end.aborted) {
			next ??= iterator.next();
			const beat = new AbortController();
			const resting = after(heartbeat, 'beat' as const, { signal: AbortSignal.any([end, beat.signal]) });
			const news = await Promise.race([next, resting.catch(() => 'end' as const)]).finally(() => beat.abort());
			if (news === 'beat') yield ': still here\n\n';
			else if (news === 'end' || news.done) return;
			else {
				next = undefined;
				yield `data: ${JSON.stringify(news.value)}\n\n`;
			}
		}
	} finally {
		clearTimeout(timer);
		// Not awaited: while it waits for its next update, it ends when that is told by the signal, or when that comes.
		iterator.return?.().catch(() => {});
	}
}
