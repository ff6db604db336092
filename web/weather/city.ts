import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { keep, kept } from '../api/kept.ts';
import { withParam } from '../ui/search.tsx';

/** Returns the city to show: `?city=` in the URL, or else the last city that was found. */
export function useCity() {
	const [params, setParams] = useSearchParams();
	const [last, setLast] = useState(() => kept('city'));
	const remember = (name: string | undefined): void => {
		keep('city', name);
		setLast(name);
	};
	return {
		city: params.get('city') || last,
		remember,
		/** Sets the city in the URL; Back returns to the previous one. An empty name also forgets the last city. */
		look(name: string): void {
			if (!name) remember(undefined);
			setParams((before) => withParam(before, 'city', name));
		},
	};
}
