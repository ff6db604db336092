import { useState } from 'react';
import { useFunctions } from '../app/skyline.tsx';
import { useFormat } from '../format.ts';
import { bounds, mostAtOnce, useLoad } from '../functions/load/load.ts';
import { peakSince } from '../functions/timeline/history.ts';
import { words } from '../language.ts';
import { Step } from './step.tsx';

const useWords = words(
	{
		intro: (name: string) =>
			`A function gets more instances while requests wait, and none when there are none. Your browser sends requests to ${name}, six in parallel.`,
		send: (name: string) => `Send requests to ${name}`,
		sent: (sent: string, name: string, peak: number) =>
			`${sent} requests, and ${name} had ${peak} instance${peak === 1 ? '' : 's'}.`,
		few: 'It got no second instance: perhaps this machine has no core for one. Go on.',
	},
	{
		intro: (name: string) =>
			`Une fonction gagne des instances tant que des requêtes attendent, et n’en a plus quand il n’y en a plus. Votre navigateur envoie des requêtes à ${name}, six en parallèle.`,
		send: (name: string) => `Envoyer des requêtes à ${name}`,
		sent: (sent: string, name: string, peak: number) =>
			`${sent} requêtes, et ${name} a eu ${peak} instance${peak > 1 ? 's' : ''}.`,
		few: 'Il n’y a pas eu de deuxième instance : cette machine n’a peut-être pas de cœur libre. Continuez.',
	},
);

/** The functions to load, the best one first: one that computes gets more instances. */
const candidates = ['stats', 'calc', 'books'];

export function ScaleStep() {
	const text = useWords();
	const { number } = useFormat();
	const { data: states = [] } = useFunctions();
	const target = candidates.flatMap((name) => states.find((state) => state.name === name) ?? [])[0];
	const name = target?.name ?? 'books';
	const { load, running, start } = useLoad({ name, path: target?.path ?? '/api/books' });
	/** The time of the last change of the instances before the start, as the shop reports it. */
	const [since, setSince] = useState<string>();
	const peak = load ? peakSince(target?.history ?? [], since) : 0;
	const run = (): void => {
		setSince(target?.history.at(-1)?.at);
		start(mostAtOnce);
	};
	const ended = load !== undefined && !running;
	return (
		<Step
			intro={text.intro(name)}
			action={{ label: text.send(name), run }}
			waiting={running}
			done={peak > 1}
			late={ended && text.few}
			error={load?.failure}
		>
			{running && <progress aria-label={text.send(name)} max={bounds.requests} value={load?.sent ?? 0} />}
			{load && peak > 0 && <p>{text.sent(number(load.sent), name, peak)}</p>}
		</Step>
	);
}
