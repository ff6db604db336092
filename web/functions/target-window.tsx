import type { FunctionState } from '../../functions/info/api.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { ColdStarts } from './timeline/cold-starts.tsx';

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
}

export function TargetWindow({ target, rate = 0 }: Props) {
	const text = useWords();
	const { number } = useFormat();
	const { signature, state, instances, requests } = target;
	return (
		<li className="pane window" data-state={state} data-target={target.name}>
			<p className="window-kind">{text[signature]}</p>
			<p>
				<strong>{text[state]}</strong>
				{instances > 0 && `, ${text.instances(instances, number(instances))}`}
			</p>
			<p>{text.requests(requests, number(requests))}</p>
			<p className="window-rate">{rate > 0 && text.rate(number(rate, { maximumFractionDigits: rate < 10 ? 1 : 0 }))}</p>
			<ColdStarts starts={target.cold_starts} />
		</li>
	);
}
