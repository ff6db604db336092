import { connected } from './send.ts';

interface Following<Update> {
	readonly onUpdate: (update: Update) => void;
	/** Requests the updates when there is no stream; each one is passed to `onUpdate`. */
	readonly poll: () => Promise<readonly Update[]>;
}

/**
 * Follows the server-sent events of a path. The browser reconnects by itself. If the stream is refused, e.g. because a
 * proxy responds with something else, polls instead. Returns a function that stops following.
 */
export function follow<Update>(path: string, { onUpdate, poll }: Following<Update>): () => void {
	const source = new EventSource(path);
	let timer: ReturnType<typeof setTimeout> | undefined;
	let stopped = false;
	const look = async (): Promise<void> => {
		// A failed poll is repeated. `send` has already reported a lost connection.
		const updates = await poll().catch(() => []);
		if (stopped) return;
		for (const update of updates) onUpdate(update);
		timer = setTimeout(() => void look(), 1_500);
	};
	source.onopen = () => connected.set(true);
	source.onmessage = ({ data }) => onUpdate(JSON.parse(data as string) as Update);
	source.onerror = () => {
		// There is nothing to do while the browser reconnects. CLOSED means that the stream is refused for good.
		if (source.readyState === EventSource.CLOSED && !stopped && timer === undefined) void look();
	};
	return () => {
		stopped = true;
		clearTimeout(timer);
		source.close();
	};
}
