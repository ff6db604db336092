import type { LoggedEvent } from '../../../functions/event-log/api.ts';
import type { Order } from '../../../functions/orders/api.ts';
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

/** Returns the events of an order, then those of its cancellation. They update live while one of them is not handled. */
export function useWay({ id, status }: Order): Way {
	const placed = useWayFrom('order.placed', id, true);
	const cancelled = useWayFrom('order.cancelled', id, status === 'cancelled');
	if (status !== 'cancelled') return placed;
	return {
		data: placed.data && [...placed.data, ...(cancelled.data ?? [])],
		error: placed.error ?? cancelled.error,
	};
}

/** Returns the event of a type about an order, and all events that it caused. */
function useWayFrom(type: string, id: number, enabled: boolean): Way {
	const query = { type: `${shop.eventPrefix}.${type}`, subject: String(id), limit: 1 };
	const found = useAnswer('GET /api/events', { query }, { enabled });
	const first = found.data?.[0];
	const trace = first && traceOf(first.traceparent);
	const whole = useAnswer('GET /api/events', { query: { trace } }, { enabled: first !== undefined });
	const live = useLive({
		trace,
		enabled: first !== undefined && whole.data !== undefined && isUnderWay(wayOf(first, whole.data)),
	});
	if (!first) return { data: found.data && [], error: found.error };
	return { data: whole.data && wayOf(first, merge(whole.data, live)), error: whole.error };
}
