import { setTimeout as after } from 'node:timers/promises';
import type { Exchange } from './http.ts';
import { TextBody } from './text-body.ts';

/** The timing of a stream, in milliseconds. */
interface Pace {
	/** The longest duration of one stream. */
	readonly longest: number;
	/** The interval of heartbeats in a stream without updates, so that no proxy considers the stream dead. */
	readonly heartbeat: number;
}

/** The default. A stream ends within the 300 s that a Knative revision grants a request; a browser then reconnects. */
const usual: Pace = { longest: 240_000, heartbeat: 15_000 };

type Updates = (signal: AbortSignal) => AsyncIterable<unknown>;

/**
 * Returns a response of server-sent events (HTML, 9.2): each update is sent immediately, as one JSON message. The
 * stream ends after the last update. It also ends after `pace.longest`, when the client disconnects, or when the
 * instance stops; then `signal` is aborted, and `updates` must end. The operation must list `text/event-stream` in its
 * `alternatives`.
 */
export function eventStream(exchange: Exchange, updates: Updates, pace = usual): TextBody {
	return new TextBody('text/event-stream', messages(exchange.signal, updates, pace));
}

async function* messages(signal: AbortSignal, updates: Updates, { longest, heartbeat }: Pace): AsyncGenerator<string> {
	const over = new AbortController();
	const timer = setTimeout(() => over.abort(), longest);
	const end = AbortSignal.any([signal, over.signal]);
	const iterator = updates(end)[Symbol.asyncIterator]();
	try {
		// Sent immediately together with the headers, so that the browser sees the stream as open.
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
		// Not awaited: an iterator that waits for its next update ends only on the signal or with that update.
		iterator.return?.().catch(() => {});
	}
}
