import type { Drill } from '../../functions/event-log/api.ts';
import { shortType } from '../events/naming.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';

export type Kind = Drill['kind'];

const useWords = words(
	{
		outage: (fn: string) => `${fn} has been broken`,
		latency: (fn: string, amount: string) => `${fn} has taken ${amount} longer for each event`,
		failures: (fn: string, amount: string) => `${amount} of the attempts of ${fn} have failed`,
		poison: (fn: string, type: string) => `One ${type} has been poison for ${fn}`,
		broker: () => 'The Broker has lost its memory, and its events are published again',
		since: (what: string, when: string) => `${what} since ${when}.`,
		at: (what: string, when: string) => `${what} (${when}).`,
	},
	{
		outage: (fn: string) => `${fn} est cassée`,
		latency: (fn: string, amount: string) => `${fn} met ${amount} de plus par événement`,
		failures: (fn: string, amount: string) => `${amount} des essais de ${fn} échouent`,
		poison: (fn: string, type: string) => `Un ${type} est un poison pour ${fn}`,
		broker: () => 'Le Broker a perdu sa mémoire, et ses événements sont republiés',
		since: (what: string, when: string) => `${what} depuis ${when}.`,
		at: (what: string, when: string) => `${what} (${when}).`,
	},
);

/** Returns a function that says what an active drill does, and since when. */
export function useSentence(): (drill: Drill) => string {
	const text = useWords();
	const { clock, duration, number } = useFormat();
	return ({ kind, function: fn, milliseconds, percent, type, started_at }) => {
		const amount = milliseconds === null ? number((percent ?? 0) / 100, { style: 'percent' }) : duration(milliseconds);
		const what = text[kind](fn, kind === 'poison' ? shortType(type ?? '') : amount);
		return kind === 'broker' ? text.at(what, clock(started_at)) : text.since(what, clock(started_at));
	};
}
