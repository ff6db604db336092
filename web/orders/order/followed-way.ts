import type { LoggedEvent } from '../../../functions/event-log/api.ts';
import { shop } from '../../../shop.ts';
import { useAnswer } from '../../api/query.ts';
import { useLive } from '../../events/live.ts';
import { merge } from '../../events/merge.ts';
import { traceOf } from '../../events/naming.ts';
import { isUnderWay, wayOf } from './way.ts';

interface Way {
	/** The order's events, oldest first; empty if there are none, or if the caller is not allowed to see them. */
	readonly data: readonly LoggedEvent[] | undefined;
	readonly error: Error | null;
}

/** Returns the events of an order. They update live while one of them is not handled. */
export function useWay(id: number): Way {
	const placed = useAnswer('GET /api/events', {
		query: { type: `${shop.eventPrefix}.order.placed`, subject: String(id), limit: 1 },
	});
	const first = placed.data?.[0];
	const trace = first && traceOf(first.traceparent);
	const whole = useAnswer('GET /api/events', { query: { trace } }, { enabled: first !== undefined });
	const live = useLive({
		trace,
		enabled: first !== undefined && whole.data !== undefined && isUnderWay(wayOf(first, whole.data)),
	});
	if (!first) return { data: placed.data && [], error: placed.error };
	return { data: whole.data && wayOf(first, merge(whole.data, live)), error: whole.error };
}
