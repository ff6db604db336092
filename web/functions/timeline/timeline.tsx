import { type PointerEvent, useState } from 'react';
import type { FunctionState } from '../../../functions/info/api.ts';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { instancesAt, mostOf, outlineOf } from './history.ts';
import { length, spanTo } from './lane.tsx';
import { TimelineTable } from './timeline-table.tsx';

const useWords = words(
	{
		title: 'The last ten minutes',
		lead: 'Instances of each target. Point at a moment, or choose one with the arrow keys on the time axis.',
		time: 'Moment',
		now: 'now',
		up: (clock: string, up: string) => `${clock}: ${up || 'nothing running'}`,
	},
	{
		title: 'Les dix dernières minutes',
		lead: 'Les instances de chaque cible. Pointez un moment, ou choisissez-le avec les flèches du clavier sur l’axe du temps.',
		time: 'Moment',
		now: 'maintenant',
		up: (clock: string, up: string) => `${clock} : ${up || 'rien en marche'}`,
	},
);

interface Props {
	readonly states: readonly FunctionState[];
	/** When `states` was fetched, in Unix milliseconds. */
	readonly now: number;
}

export function Timeline({ states, now }: Props) {
	const text = useWords();
	const { clock, number } = useFormat();
	/** The selected moment, in seconds before now. */
	const [ago, setAgo] = useState(0);
	const span = spanTo(now);
	const at = now - ago * 1000;
	const most = Math.max(2, ...states.map(({ history }) => mostOf(history, span)));
	const told = (time: number): string => clock(new Date(time).toISOString());
	const point = ({ clientX, currentTarget }: PointerEvent<HTMLElement>): void => {
		const lane = currentTarget.querySelector('svg')?.getBoundingClientRect();
		if (lane) setAgo(Math.round(Math.min(1, Math.max(0, (lane.right - clientX) / lane.width)) * length));
	};
	const up = states.flatMap(({ name, history }) => {
		const instances = instancesAt(history, at);
		return instances ? [`${name} ${number(instances)}`] : [];
	});
	return (
		<section className="stack street-times" aria-labelledby="timeline">
			<h2 id="timeline">{text.title}</h2>
			<p className="lead">{text.lead}</p>
			<div className="timeline card" onPointerMove={point} onPointerLeave={() => setAgo(0)}>
				<div aria-hidden="true">
					{states.map(({ name, history }) => {
						const instances = instancesAt(history, at);
						return (
							<div key={name} className="lane" data-lane={name} data-most={mostOf(history, span)}>
								<span className="lane-name">{name}</span>
								<svg viewBox={`0 0 ${length} ${most}`} preserveAspectRatio="none" aria-hidden="true">
									<path d={outlineOf(history, span, most)} />
									<line x1={length - ago} x2={length - ago} y1="0" y2={most} />
								</svg>
								<span className="lane-value" data-up={instances > 0}>
									{number(instances)}
								</span>
							</div>
						);
					})}
				</div>
				<div className="time">
					<input
						type="range"
						aria-label={text.time}
						aria-valuetext={text.up(told(at), up.join(', '))}
						min={-length}
						max={0}
						step={5}
						value={-ago}
						onChange={({ target }) => setAgo(-Number(target.value))}
					/>
					<span className="time-ticks small quiet" aria-hidden="true">
						<span>{told(span.from)}</span>
						<strong>{told(at)}</strong>
						<span>{text.now}</span>
					</span>
				</div>
			</div>
			<TimelineTable states={states} span={span} />
		</section>
	);
}
