import { useEffect } from 'react';
import { useSearchParams } from 'wouter';
import type { Drill } from '../../functions/event-log/api.ts';
import { useAnswer } from '../api/query.ts';

/** The drill that the screen is about. */
export interface Current {
	readonly function: string;
	/** When it began, as the shop tells it; undefined before it has. */
	readonly since: string | undefined;
	/** Undefined before it has begun, and when it is over. */
	readonly running: Drill | undefined;
}

/**
 * The drill that the address names, or else the one that is on: whoever loads the page in the middle of it goes on. The address
 * keeps when it began, so that what came of it can be seen after its end; to begin another one is to forget that.
 */
export function useCurrent() {
	const [params, setParams] = useSearchParams();
	const query = useAnswer('GET /api/drills');
	const named = params.get('function') ?? undefined;
	const asked = params.get('since') ?? undefined;
	const running =
		query.data?.find((drill) => drill.function === named) ?? (asked === undefined ? query.data?.[0] : undefined);
	const current: Current = {
		function: running?.function ?? named ?? 'billing',
		since: running?.started_at ?? asked,
		running,
	};
	const choose = (fn: string, since?: string): void =>
		setParams({ function: fn, ...(since === undefined ? {} : { since }) }, { replace: true });
	const begun = running?.started_at;
	// biome-ignore lint/correctness/useExhaustiveDependencies: once for each drill that is found
	useEffect(() => {
		if (running && (begun !== asked || running.function !== named)) choose(running.function, begun);
	}, [begun, asked, named]);
	return { query, current, choose };
}
