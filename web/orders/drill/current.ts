import { useEffect } from 'react';
import { useSearchParams } from 'wouter';
import type { Drill } from '../../../functions/event-log/api.ts';
import { useAnswer } from '../../api/query.ts';

export interface Current {
	readonly function: string;
	/** When it began, by the shop's clock; undefined before that. */
	readonly since: string | undefined;
	/** Undefined before the drill begins, and after it ends. */
	readonly running: Drill | undefined;
}

/**
 * Returns the drill in the URL, or else the running one, so that a page loaded in the middle of a drill continues it.
 * The URL stores when the drill began, so that its result is visible after its end. Starting another drill clears that.
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
	// biome-ignore lint/correctness/useExhaustiveDependencies: it runs once for each drill found
	useEffect(() => {
		if (running && (begun !== asked || running.function !== named)) choose(running.function, begun);
	}, [begun, asked, named]);
	return { query, current, choose };
}
