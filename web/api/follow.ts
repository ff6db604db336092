import { Problem } from './problem.ts';
import { Refused, stream } from './stream.ts';

interface Following<Update> {
	readonly onUpdate: (update: Update) => void;
	/** Requests the updates when there is no stream; each one is passed to `onUpdate`. */
	readonly poll: () => Promise<readonly Update[]>;
}

/** Milliseconds until the next connection after the end of a stream, and until the next poll. */
const pauses = { stream: 1_000, poll: 1_500 };

/**
 * Follows the server-sent events of a path, as the signed-in user. Reconnects when the stream ends or is lost. If the stream
 * is refused, polls instead. Returns a function that stops following.
 */
export function follow<Update>(path: string, { onUpdate, poll }: Following<Update>): () => void {
	const gone = new AbortController();
	const { signal } = gone;
	let timer: ReturnType<typeof setTimeout> | undefined;
	const again = (work: () => Promise<void>, milliseconds: number): void => {
		if (!signal.aborted) timer = setTimeout(() => void work(), milliseconds);
	};
	const look = async (): Promise<void> => {
		// A failed poll is repeated. `send` has already reported a lost connection.
		const updates = await poll().catch(() => []);
		for (const update of updates) if (!signal.aborted) onUpdate(update);
		again(look, pauses.poll);
	};
	const listen = async (): Promise<void> => {
		try {
			for await (const update of stream(path, signal)) if (!signal.aborted) onUpdate(update as Update);
		} catch (error) {
			if (error instanceof Refused || (error instanceof Problem && error.status === 401)) return again(look, 0);
		}
		again(listen, pauses.stream);
	};
	void listen();
	return () => {
		gone.abort();
		clearTimeout(timer);
	};
}
