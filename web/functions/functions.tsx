import { useState } from 'react';
import { useFunctions } from '../app/skyline.tsx';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Screen } from '../ui/screen.tsx';
import { House } from './house.tsx';
import { Timeline } from './timeline/timeline.tsx';
import { useRates } from './use-rates.ts';
import { type Door, useWakes, type Wake } from './wake.ts';

const useWords = words(
	{
		title: 'Functions',
		lead: 'A window is lit while its function runs, and dark when it has scaled to zero. Watching this page keeps only gateway and info running; the others wake on a request and go dark again when idle.',
		street: 'The street',
		wakeAll: 'Wake all',
		answered: (awake: number, all: number) => `${awake} of ${all} have answered`,
		all: (all: number, duration: string) => `All ${all} have answered, the slowest after ${duration}.`,
	},
	{
		title: 'Fonctions',
		lead: 'Une fenêtre est éclairée tant que sa fonction tourne, et sombre à zéro. Cette page ne garde en marche que gateway et info ; les autres s’éveillent à la première requête, puis s’éteignent au repos.',
		street: 'La rue',
		wakeAll: 'Tout réveiller',
		answered: (awake: number, all: number) => `${awake} sur ${all} ont répondu`,
		all: (all: number, duration: string) => `Les ${all} ont répondu, la plus lente au bout de ${duration}.`,
	},
);

export default function Functions() {
	const text = useWords();
	const query = useFunctions();
	const rate = useRates(query.data, query.dataUpdatedAt);
	const { wakes, wake } = useWakes();
	/** The functions woken by the last "Wake all". */
	const [together, setTogether] = useState<readonly Door[]>([]);
	const doors = query.data?.flatMap(({ function: name, path }) => (path ? [{ name, path }] : [])) ?? [];
	const waking = together.some(({ name }) => wakes[name]?.state === 'waking');
	const wakeAll = (): void => {
		setTogether(doors);
		for (const door of doors) void wake(door);
	};
	return (
		<Screen
			title={text.title}
			lead={text.lead}
			aside={
				<div className="row">
					<WokenTogether wakes={together.flatMap(({ name }) => wakes[name] ?? [])} />
					<Button kind="main" busy={waking || !doors.length} onClick={wakeAll}>
						{text.wakeAll}
					</Button>
				</div>
			}
		>
			<Loaded query={query}>
				{(states) => (
					<div className="street-floor">
						<section className="stack">
							<h2>{text.street}</h2>
							<ul className="street">
								{[...Map.groupBy(states, (state) => state.function)].map(([name, targets]) => (
									<House
										key={name}
										name={name}
										targets={targets}
										rate={rate}
										now={query.dataUpdatedAt}
										wake={wakes[name]}
										onWake={(path) => void wake({ name, path })}
									/>
								))}
							</ul>
						</section>
						<Timeline states={states} now={query.dataUpdatedAt} />
					</div>
				)}
			</Loaded>
		</Screen>
	);
}

function WokenTogether({ wakes }: { readonly wakes: readonly Wake[] }) {
	const text = useWords();
	const { duration } = useFormat();
	const took = wakes.flatMap((wake) => (wake.state === 'awake' ? [wake.took] : []));
	return (
		<p role="status" className="quiet small">
			{wakes.length > 0 &&
				(took.length === wakes.length
					? text.all(wakes.length, duration(Math.max(...took)))
					: text.answered(took.length, wakes.length))}
		</p>
	);
}
