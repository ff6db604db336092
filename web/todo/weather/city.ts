import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { keep, kept } from '../../api/kept.ts';

/** The city whose weather is looked at: what the address says in `?city=`, else the last one that was found. */
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
		/** Puts it into the address; back leads to the one before. Who names none wants none remembered either. */
		look(name: string): void {
			if (!name) remember(undefined);
			setParams((before) => {
				const after = new URLSearchParams(before);
				if (name) after.set('city', name);
				else after.delete('city');
				return after;
			});
		},
	};
}
