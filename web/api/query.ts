import { keepPreviousData, QueryClient, type UseQueryResult, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ask, askPage, type Page } from './ask.ts';
import { type Endpoint, type Listed, personal, type Received, type Sent } from './endpoints.ts';
import { isPassing } from './problem.ts';
import { signedIn } from './session.ts';

/** How soon what failed for a passing reason is asked for again, in milliseconds. */
const healing = 2_000;

/** When to ask again after a failure: soon if it may pass, else not by itself. */
export const heals = (error: unknown): number | false => (isPassing(error) ? healing : false);

/** What was asked for is kept here under `[endpoint, what was sent]`. */
export const queries = new QueryClient({
	defaultOptions: {
		queries: {
			// A failure is shown at once, and asked for again by `refetchInterval` until it is healed.
			retry: false,
			// What is kept is shown first and asked for again when a screen opens. Not when the window is looked at
			// again: that would wake functions for nothing.
			refetchOnWindowFocus: false,
			networkMode: 'always',
		},
		mutations: { networkMode: 'always' },
	},
});

// What one account was shown is not shown to the next.
let before = signedIn.value;
signedIn.follow(() => {
	if (before !== 'restoring')
		void queries.resetQueries({ predicate: ({ queryKey }) => Object.hasOwn(personal, String(queryKey[0])) });
	before = signedIn.value;
});

interface Options {
	/** Milliseconds between two looks while all is well; without it there is one look. */
	readonly every?: number | undefined;
	/** Whether it is asked for at all; as a function, it holds between two drawings of the component too. */
	readonly enabled?: boolean | (() => boolean);
}

/** What an endpoint answers, followed by a component: `useAnswer('GET /api/books/:id', { params: { id: 7 } })`. */
export function useAnswer<Name extends Endpoint>(
	name: Name,
	sent?: Sent<Name>,
	{ every, enabled = true }: Options = {},
): UseQueryResult<Received<Name>> {
	return useQuery({
		queryKey: [name, sent],
		queryFn: ({ signal }) => ask(name, { ...sent, signal } as Sent<Name>),
		enabled,
		refetchInterval: ({ state }) => heals(state.error) || (every ?? false),
	});
}

/** One page of a list, where the address says which; the page before it stays until it is there. */
export function usePage<Name extends Endpoint>(name: Name, sent: Sent<Name>): UseQueryResult<Page<Listed<Name>>> {
	return useQuery({
		queryKey: [name, 'page', sent],
		queryFn: ({ signal }) => askPage(name, { ...sent, signal } as Sent<Name>),
		placeholderData: keepPreviousData,
		refetchInterval: ({ state }) => heals(state.error),
	});
}

/** A list with more to come: its pages so far as one list. What was found before stays until what is asked for now is there. */
export function useList<Name extends Endpoint>(name: Name, sent?: Sent<Name>, { enabled = true }: Options = {}) {
	const { data, ...list } = useInfiniteQuery({
		queryKey: [name, 'pages', sent],
		queryFn: ({ signal, pageParam }) =>
			askPage(name, {
				...sent,
				signal,
				query: { ...(sent as { query?: object } | undefined)?.query, after: pageParam },
			} as unknown as Sent<Name>),
		initialPageParam: undefined as string | undefined,
		getNextPageParam: ({ next }) => next,
		placeholderData: keepPreviousData,
		enabled,
		refetchInterval: ({ state }) => heals(state.error),
	});
	return { ...list, rows: data?.pages.flatMap(({ rows }) => rows) as Listed<Name>[] | undefined };
}

/** Makes what is shown of these endpoints be asked for again. */
export const refresh = (...names: readonly Endpoint[]): void => {
	for (const name of names) void queries.invalidateQueries({ queryKey: [name] });
};
