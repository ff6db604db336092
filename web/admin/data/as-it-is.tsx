import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { heals } from '../../api/query.ts';
import { Loaded } from '../../ui/loaded.tsx';

interface Props<Row> {
	readonly read: () => Promise<Row>;
	readonly children: (row: Row) => ReactNode;
}

/** Reads a row anew before it is edited, because another admin or an order can have changed it. */
export function AsItIs<Row>({ read, children }: Props<Row>) {
	const query = useQuery({
		// A separate key without caching, so that an earlier read is not shown first.
		queryKey: [useId()],
		queryFn: read,
		gcTime: 0,
		staleTime: Number.POSITIVE_INFINITY,
		refetchInterval: ({ state }) => heals(state.error),
	});
	return <Loaded query={query}>{children}</Loaded>;
}
