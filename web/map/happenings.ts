import type { LoggedEvent } from '../../functions/event-log/api.ts';
import { lastOf } from '../events/failures.ts';
import { functionOf } from '../events/naming.ts';

export interface Happening {
	readonly what: 'published' | 'handled' | 'failed' | 'given-up';
	readonly id: string;
	readonly type: string;
	/** Undefined if the caller cannot see it. */
	readonly subject: string | undefined;
	/** The publisher, or the recipient of the delivery. */
	readonly function: string;
	readonly trigger?: string;
	readonly error?: string | undefined;
}

/** Returns what happened to an event between two polls, in order. Without an earlier poll, returns everything. */
export function happeningsOf(before: LoggedEvent | undefined, now: LoggedEvent): Happening[] {
	const { id, type, subject } = now;
	const deliveries = now.deliveries.flatMap((delivery): Happening[] => {
		const { trigger, function: name, status, failures } = delivery;
		const known = before?.deliveries.find((each) => each.trigger === trigger);
		const about = { id, type, subject, function: name, trigger };
		const last = lastOf(failures);
		const failed = last && last.at !== lastOf(known?.failures ?? [])?.at;
		const became = (wanted: typeof status): boolean => status === wanted && known?.status !== wanted;
		return [
			...(failed ? [{ ...about, what: 'failed', error: last.error } as const] : []),
			...(became('handled') ? [{ ...about, what: 'handled' } as const] : []),
			...(became('dead') ? [{ ...about, what: 'given-up' } as const] : []),
		];
	});
	return before
		? deliveries
		: [{ what: 'published', id, type, subject, function: functionOf(now.source) }, ...deliveries];
}

export const troubledBy = (events: Iterable<LoggedEvent>): ReadonlySet<string> =>
	new Set(
		[...events].flatMap(({ deliveries }) =>
			deliveries.flatMap(({ trigger, status }) => (status === 'failing' || status === 'dead' ? [trigger] : [])),
		),
	);
