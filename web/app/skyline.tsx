import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { refresh, useAnswer } from '../api/query.ts';
import { words } from '../language.ts';
import { handled } from './handled.ts';

const useWords = words(
	{
		label: 'The functions behind this page',
		up: (up: number, all: number) => `${up} of ${all} functions up`,
		looking: 'Checking the functions…',
	},
	{
		label: 'Les fonctions derrière cette page',
		up: (up: number, all: number) => `${up} fonction${up > 1 ? 's' : ''} sur ${all} en marche`,
		looking: 'Vérification des fonctions…',
	},
);

/** Polls the states of all functions, for every screen. This keeps only `gateway` and `info` running. */
export const useFunctions = () => useAnswer('GET /api/functions', undefined, { every: 1_500 });

export function Skyline() {
	const text = useWords();
	const { data: states } = useFunctions();
	const houses = Map.groupBy(states ?? [], (state) => state.function);
	const up = [...houses.values()].filter((targets) => targets.some(({ state }) => state !== 'zero')).length;
	return (
		<section className="skyline" aria-label={text.label}>
			<Link href="/functions" className="skyline-link">
				<span className="houses" aria-hidden="true">
					{[...houses].map(([name, targets]) => (
						<span key={name} className="small-house" title={name}>
							{targets.map((target) => (
								<span key={target.name} className="pane small-pane" data-state={target.state} />
							))}
						</span>
					))}
				</span>
				<span className="small">{states ? text.up(up, houses.size) : text.looking}</span>
			</Link>
		</section>
	);
}

/**
 * Refetches what can have changed when the states of the functions show that an event was handled. Polling those
 * functions every few seconds would keep them from scaling to zero.
 */
export function Handled() {
	const { data: states } = useFunctions();
	const before = useRef(new Map<string, number>());
	useEffect(() => {
		const counts = new Map(states?.map(({ name, requests }) => [name, requests]));
		// Any change counts, not only an increase, because the counter can restart.
		const isBusy = (name: string): boolean =>
			before.current.has(name) && counts.has(name) && before.current.get(name) !== counts.get(name);
		const stale = Object.entries(handled).flatMap(([name, endpoints]) => (isBusy(name) ? endpoints : []));
		refresh(...new Set(stale));
		before.current = counts;
	}, [states]);
	return null;
}
