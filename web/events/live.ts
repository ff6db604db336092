import { useEffect, useState } from 'react';
import type { LoggedEvent } from '../../functions/event-log/api.ts';
import { pathOf } from '../../kit/declare/path.ts';
import { ask } from '../api/ask.ts';
import { follow } from '../api/follow.ts';
import { signedIn } from '../api/session.ts';
import { useStore } from '../api/store.ts';
import type { Filters } from './filter.ts';
import type { Live } from './merge.ts';

/** An event that no longer has the status would vanish from the stream, so a status does not limit what is followed. */
type Followed = Omit<Filters, 'status'> & { readonly enabled?: boolean };

const nothing: Live = new Map();

/** Returns the newest 50 events of the log, and all that were added or changed since the component mounted. */
export function useLive({ type, subject, trace, function: fn, enabled = true }: Followed): Live {
	const [live, setLive] = useState(nothing);
	const session = useStore(signedIn);
	// biome-ignore lint/correctness/useExhaustiveDependencies: another caller sees other parts of the events
	useEffect(() => {
		if (!enabled) return undefined;
		const query = { type, subject, trace, function: fn };
		let came: LoggedEvent[] = [];
		let timer: ReturnType<typeof setTimeout> | undefined;
		const tell = (): void => {
			const news = came.map((event) => [event.id, event] as const);
			came = [];
			timer = undefined;
			setLive((before) => new Map([...before, ...news]));
		};
		const stop = follow<LoggedEvent>(pathOf('/api/events', { query }), {
			onUpdate(event) {
				came.push(event);
				// Updates arrive in bursts, because the event log polls, and are rendered together.
				timer ??= setTimeout(tell, 50);
			},
			poll: () => ask('GET /api/events', { query: { ...query, limit: 50 } }),
		});
		return () => {
			stop();
			clearTimeout(timer);
			setLive(nothing);
		};
	}, [type, subject, trace, fn, enabled, session]);
	return live;
}
