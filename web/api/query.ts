import { keepPreviousData, QueryClient, type UseQueryResult, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ask, askPage, type Page } from './ask.ts';
import { type Endpoint, type Listed, personal, type Received, type Sent } from './endpoints.ts';
import { isPassing } from './problem.ts';
import { signedIn } from './session.ts';

/** Returns the milliseconds until a failed request is repeated, or false if the failure is not temporary. */
export const heals = (error: unknown): number | false => (isPassing(error) ? 2_000 : false);

/** The cache of responses, keyed by `[endpoint, arguments]`. */
export const queries = new QueryClient({
	defaultOptions: {
		queries: {
			// Show a failure immediately. `refetchInterval` then repeats the request until it succeeds.
			retry: false,
			// Opening a screen shows cached data first and refetches it. Focusing the window does not refetch, because
			// that would wake functions without need.
			refetchOnWindowFocus: false,
			networkMode: 'always',
		},
		mutations: { networkMode: 'always' },
	},
});

// Do not show one account's data to the next.
let before = signedIn.value;
signedIn.follow(() => {
	if (before !== 'restoring')
		void queries.resetQueries({ predicate: ({ queryKey }) => Object.hasOwn(personal, String(queryKey[0])) });
	before = signedIn.value;
});

interface Options {
	/** Milliseconds between two requests while they succeed; without it there is only one request. */
	readonly every?: number | undefined;
	/** Whether to send requests. A function is also evaluated between two renderings of the component. */
	readonly enabled?: boolean | (() => boolean);
}

/** Follows the response of an endpoint: `useAnswer('GET /api/books/:id', { params: { id: 7 } })`. */
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

/** Follows one page of a list. The previous page stays until the new one arrives. */
export function usePage<Name extends Endpoint>(name: Name, sent: Sent<Name>): UseQueryResult<Page<Listed<Name>>> {
	return useQuery({
		queryKey: [name, 'page', sent],
		queryFn: ({ signal }) => askPage(name, { ...sent, signal } as Sent<Name>),
		placeholderData: keepPreviousData,
		refetchInterval: ({ state }) => heals(state.error),
	});
}

/** Follows a list and joins its pages. The previous rows stay until the new ones arrive. */
export function useList<Name extends Endpoint>(
	name: Name,
	sent?: Sent<Name>,
	{ enabled = true }: Pick<Options, 'enabled'> = {},
) {
	return useInfiniteQuery({
		queryKey: [name, 'pages', sent],
		queryFn: ({ signal, pageParam }) =>
			askPage(name, {
				...sent,
				signal,
				query: { ...(sent as { query?: object } | undefined)?.query, after: pageParam },
			} as unknown as Sent<Name>),
		enabled,
		initialPageParam: undefined as string | undefined,
		getNextPageParam: ({ next }) => next,
		select: ({ pages }) => pages.flatMap(({ rows }) => rows),
		placeholderData: keepPreviousData,
		refetchInterval: ({ state }) => heals(state.error),
	});
}

export const refresh = (...names: readonly Endpoint[]): void => {
	for (const name of names) void queries.invalidateQueries({ queryKey: [name] });
};
