import { useSyncExternalStore } from 'react';

/** Matches where the style sheets use their narrow form, as on a phone. */
const query = matchMedia('(max-width: 47.99rem)');

const follow = (follower: () => void): (() => void) => {
	query.addEventListener('change', follower);
	return () => query.removeEventListener('change', follower);
};

/** Returns whether the page is as narrow as on a phone. */
export const useNarrow = (): boolean => useSyncExternalStore(follow, () => query.matches);
