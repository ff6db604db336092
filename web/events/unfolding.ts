import { useEffect, useMemo, useState } from 'react';
import type { LoggedEvent } from '../../functions/event-log/api.ts';
import { useAnswer } from '../api/query.ts';
import { useLive } from './live.ts';
import { merge } from './merge.ts';

interface Options {
	/** 32 hex digits. */
	readonly trace?: string;
	/** The maximum number of events, newest first. */
	readonly limit: number;
	readonly enabled?: boolean;
	readonly goesOn: (events: readonly LoggedEvent[]) => boolean;
}

/** Returns events of the log, newest first. They update live while `goesOn` returns true. */
export function useUnfolding({ trace, limit, enabled = true, goesOn }: Options) {
	const { data, error, refetch } = useAnswer('GET /api/events', { query: { trace, limit } }, { enabled });
	const [following, setFollowing] = useState(false);
	const live = useLive({ trace, enabled: enabled && following });
	const events = useMemo(() => data && merge(data, live), [data, live]);
	const more = events && goesOn(events);
	// biome-ignore lint/correctness/useExhaustiveDependencies: runs only when `more` changes
	useEffect(() => {
		if (more === undefined) return undefined;
		if (more) setFollowing(true);
		let stale = false;
		// Events emitted by the last handling can appear a moment later, so refetch once before the stream is closed.
		if (!more && following)
			void refetch().then((last) => {
				if (!stale && last.data && !goesOn(last.data)) setFollowing(false);
			});
		return () => {
			stale = true;
		};
	}, [more]);
	return { events, error };
}
