import { useEffect, useState } from 'react';
import type { LoggedEvent } from '../../functions/event-log/api.ts';
import { ask, queryOf } from '../api/ask.ts';
import { follow } from '../api/follow.ts';
import type { Live } from './merge.ts';

/** Which events are followed: those of a type, about a subject, of a trace (32 hex digits), or all. */
export interface Followed {
	readonly type?: string | undefined;
	readonly subject?: string | undefined;
	readonly trace?: string | undefined;
	/** Whether they are followed at all. */
	readonly enabled?: boolean;
}

/** Changes come in bursts, a look of the event log at a time: what comes within so many milliseconds is drawn at once. */
const burst = 50;
const nothing: Live = new Map();

/** The events that the log has told of since a component began to follow it: the newest fifty, what is new, what has changed. */
export function useLive({ type, subject, trace, enabled = true }: Followed): Live {
	const [live, setLive] = useState(nothing);
	useEffect(() => {
		if (!enabled) return undefined;
		const query = { type, subject, trace };
		let came: LoggedEvent[] = [];
		let timer: ReturnType<typeof setTimeout> | undefined;
		const tell = (): void => {
			const news = came.map((event) => [event.id, event] as const);
			came = [];
			timer = undefined;
			setLive((before) => new Map([...before, ...news]));
		};
		const stop = follow<LoggedEvent>(`/api/events${queryOf(query)}`, {
			onUpdate(event) {
				came.push(event);
				timer ??= setTimeout(tell, burst);
			},
			poll: () => ask('GET /api/events', { query: { ...query, limit: 50 } }),
		});
		return () => {
			stop();
			clearTimeout(timer);
			setLive(nothing);
		};
	}, [type, subject, trace, enabled]);
	return live;
}
