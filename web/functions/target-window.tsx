import type { ReactNode } from 'react';
import type { FunctionState } from '../../functions/info/api.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { ColdStarts } from './timeline/cold-starts.tsx';
import { Lane } from './timeline/lane.tsx';

const useWords = words(
	{
		http: 'HTTP',
		cloudevent: 'events',
		zero: 'at zero',
		starting: 'starting',
		ready: 'ready',
		instances: (count: number, told: string) => `${told} instance${count === 1 ? '' : 's'}`,
		requests: (count: number, told: string) => `${told} request${count === 1 ? '' : 's'}`,
		rate: (told: string) => `${told} a second`,
	},
	{
		http: 'HTTP',
		cloudevent: 'événements',
		zero: 'à zéro',
		starting: 'démarre',
		ready: 'prête',
		instances: (count: number, told: string) => `${told} instance${count > 1 ? 's' : ''}`,
		requests: (count: number, told: string) => `${told} requête${count > 1 ? 's' : ''}`,
		rate: (told: string) => `${told} par seconde`,
	},
);

interface Props {
	readonly target: FunctionState;
	/** Requests per second; undefined while unknown. */
	readonly rate: number | undefined;
	/** When `target` was fetched, in Unix milliseconds. */
	readonly now: number;
	/** More about the target. */
	readonly children?: ReactNode;
}

/** A target's window, with a lit pane for each instance, and its instances in the last ten minutes. */
export function TargetWindow({ target, rate = 0, now, children }: Props) {
	const text = useWords();
	const { number } = useFormat();
	const { name, signature, state, instances, requests } = target;
	return (
		<li className="window" data-state={state} data-target={name}>
			<p className="window-kind">{text[signature]}</p>
			<div className="panes" aria-hidden="true">
				{Array.from({ length: Math.max(1, instances) }, (_, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: instances have no names
					<span key={index} className="pane" data-state={state} />
				))}
			</div>
			<p>
				<strong>{text[state]}</strong>
				{instances > 0 && `, ${text.instances(instances, number(instances))}`}
			</p>
			<p>
				{text.requests(requests, number(requests))}
				{rate > 0 && `, ${text.rate(number(rate, { maximumFractionDigits: rate < 10 ? 1 : 0 }))}`}
			</p>
			{children}
			<ColdStarts starts={target.cold_starts} />
			<Lane target={target} now={now} />
		</li>
	);
}
