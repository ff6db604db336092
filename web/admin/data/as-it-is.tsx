import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { heals } from '../../api/query.ts';
import { Loaded } from '../../ui/loaded.tsx';

interface Props<Row> {
	readonly read: () => Promise<Row>;
	readonly children: (row: Row) => ReactNode;
}

/** Reads something before it is edited, whatever is known of it: another admin, or an order, may have changed it since. */
export function AsItIs<Row>({ read, children }: Props<Row>) {
	const query = useQuery({
		// Its own, and dropped with it, so that what was read for the last time is not shown first.
		queryKey: [useId()],
		queryFn: read,
		gcTime: 0,
		staleTime: Number.POSITIVE_INFINITY,
		refetchInterval: ({ state }) => heals(state.error),
	});
	return <Loaded query={query}>{children}</Loaded>;
}
