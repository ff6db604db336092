import type { ReactNode } from 'react';
import type { Drill } from '../../functions/event-log/api.ts';
import { shortType } from '../events/naming.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { TimeIn } from '../time.tsx';

export type Kind = Drill['kind'];

const useWords = words(
	{
		outage: (fn: string) => `${fn} has been broken`,
		latency: (fn: string, amount: string) => `${fn} has taken ${amount} longer for each event`,
		failures: (fn: string, amount: string) => `${amount} of the attempts of ${fn} have failed`,
		poison: (fn: string, type: string) => `One ${type} has been poison for ${fn}`,
		since: (what: string, when: string) => `${what} since ${when}.`,
		broker: (when: string) =>
			`The Broker lost its memory at ${when}. Its events are published again from the database.`,
	},
	{
		outage: (fn: string) => `${fn} est cassée`,
		latency: (fn: string, amount: string) => `${fn} met ${amount} de plus par événement`,
		failures: (fn: string, amount: string) => `${amount} des essais de ${fn} échouent`,
		poison: (fn: string, type: string) => `Un ${type} est un poison pour ${fn}`,
		since: (what: string, when: string) => `${what} depuis ${when}.`,
		broker: (when: string) =>
			`Le Broker a perdu sa mémoire à ${when}. Ses événements sont republiés depuis la base de données.`,
	},
);

/** Returns a function that says what an active drill does, and since when. */
export function useSentence(): (drill: Drill) => ReactNode {
	const text = useWords();
	const { duration, number } = useFormat();
	return ({ kind, function: fn, milliseconds, percent, type, started_at }) => {
		const amount = milliseconds === null ? number((percent ?? 0) / 100, { style: 'percent' }) : duration(milliseconds);
		const say =
			kind === 'broker'
				? text.broker
				: (when: string): string =>
						text.since(text[kind](fn, kind === 'poison' ? shortType(type ?? '') : amount), when);
		return <TimeIn say={say} at={started_at} form="clock" />;
	};
}
