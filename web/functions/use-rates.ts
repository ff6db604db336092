import { useEffect, useState } from 'react';
import type { FunctionState } from '../../functions/info/api.ts';
import { type Looks, looked, rateOf } from './rates.ts';

/**
 * Collects the last polls of each target, and returns a function that gives a target's requests per second.
 * @param at when `states` was fetched, in Unix milliseconds
 */
export function useRates(
	states: readonly FunctionState[] | undefined,
	at: number,
): (target: string) => number | undefined {
	const [looks, setLooks] = useState<Looks>(new Map());
	// biome-ignore lint/correctness/useExhaustiveDependencies: each poll counts once, even if it has the same states
	useEffect(() => {
		if (states?.length) setLooks((before) => looked(before, states, at));
	}, [at]);
	return (target) => rateOf(looks.get(target));
}
