import type { LoggedEvent } from '../../functions/event-log/api.ts';

export type Failure = LoggedEvent['deliveries'][number]['failures'][number];

/** Returns the failure that occurred last. */
export const lastOf = (failures: readonly Failure[]): Failure | undefined =>
	failures.reduce<Failure | undefined>((last, each) => (last && last.at > each.at ? last : each), undefined);

/** Groups failures by publication, in the order in which the publications failed first. */
export function publicationsOf(
	failures: readonly Failure[],
): readonly (readonly [string | null, readonly Failure[]])[] {
	const groups = new Map<string | null, Failure[]>();
	for (const failure of failures)
		groups.set(failure.publication, [...(groups.get(failure.publication) ?? []), failure]);
	return [...groups];
}
