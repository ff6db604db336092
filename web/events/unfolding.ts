import { useEffect, useMemo, useState } from 'react';
import type { LoggedEvent } from '../../functions/event-log/api.ts';
import { useAnswer } from '../api/query.ts';
import { useLive } from './live.ts';
import { merge } from './merge.ts';

interface Options {
	/** 32 hex digits. */
	readonly trace?: string;
	/** How many of the newest events. */
	readonly limit: number;
	readonly enabled?: boolean;
	/** Whether more is to come of these events: then they are followed. */
	readonly goesOn: (events: readonly LoggedEvent[]) => boolean;
}

/** Events of the log, newest first; live for as long as more is to come of them. */
export function useUnfolding({ trace, limit, enabled = true, goesOn }: Options) {
	const { data, error, refetch } = useAnswer('GET /api/events', { query: { trace, limit } }, { enabled });
	const [following, setFollowing] = useState(false);
	const live = useLive({ trace, enabled: enabled && following });
	const events = useMemo(() => data && merge(data, live), [data, live]);
	const more = events && goesOn(events);
	// biome-ignore lint/correctness/useExhaustiveDependencies: when it begins to go on, or has ended
	useEffect(() => {
		if (more === undefined) return undefined;
		if (more) setFollowing(true);
		let stale = false;
		// What the last handling emitted may be told a moment later, so all are asked for once more before they are left.
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
