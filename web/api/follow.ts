import { connected } from './send.ts';

interface Following<Update> {
	/** Called with each update. */
	readonly onUpdate: (update: Update) => void;
	/** How to ask for the same where no stream can be had: what it resolves to is handed to `onUpdate`, one by one. */
	readonly poll: () => Promise<readonly Update[]>;
}

/** Milliseconds between two polls. */
const pause = 1_500;

/**
 * Follows what a path streams as server-sent events. The browser reconnects by itself; where a stream cannot be had, since
 * something in between holds it back or answers otherwise, it is polled instead. Answers with how to stop it.
 */
export function follow<Update>(path: string, { onUpdate, poll }: Following<Update>): () => void {
	const source = new EventSource(path);
	let timer: ReturnType<typeof setTimeout> | undefined;
	let stopped = false;
	const look = async (): Promise<void> => {
		// What fails is tried again; that the connection is lost, the request itself has told.
		const updates = await poll().catch(() => []);
		if (stopped) return;
		for (const update of updates) onUpdate(update);
		timer = setTimeout(() => void look(), pause);
	};
	source.onopen = () => connected.set(true);
	source.onmessage = ({ data }) => onUpdate(JSON.parse(data as string) as Update);
	source.onerror = () => {
		// While it connects again there is nothing to do; closed means that it has been refused for good.
		if (source.readyState === EventSource.CLOSED && !stopped && timer === undefined) void look();
	};
	return () => {
		stopped = true;
		clearTimeout(timer);
		source.close();
	};
}
