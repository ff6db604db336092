import { Link } from 'wouter';
import type { FunctionState } from '../../functions/info/api.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/notice.tsx';
import { LoadTest } from './load/load-test.tsx';
import { TargetWindow } from './target-window.tsx';
import type { Wake } from './wake.ts';

const useWords = words(
	{
		wake: 'Wake',
		waking: 'Waking…',
		answered: (duration: string) => `Answered after ${duration}.`,
		gateway: 'It serves this page, so it runs while you are here.',
		eventsOnly: 'Only events wake it.',
	},
	{
		wake: 'Réveiller',
		waking: 'Réveil…',
		answered: (duration: string) => `Réponse au bout de ${duration}.`,
		gateway: 'Elle sert cette page : elle reste en marche tant que vous êtes là.',
		eventsOnly: 'Seuls des événements la réveillent.',
	},
);

interface Props {
	readonly name: string;
	readonly targets: readonly FunctionState[];
	/** Returns a target's requests per second. */
	readonly rate: (target: string) => number | undefined;
	/** When `targets` was fetched, in Unix milliseconds. */
	readonly now: number;
	readonly wake: Wake | undefined;
	readonly onWake: (path: string) => void;
}

export function House({ name, targets, rate, now, wake, onWake }: Props) {
	const text = useWords();
	const { duration } = useFormat();
	const http = targets.find(({ signature }) => signature === 'http');
	const path = http?.path;
	const waking = wake?.state === 'waking';
	const verb = waking ? text.waking : text.wake;
	return (
		<li className="house" data-function={name}>
			<h3>
				<Link href={`/functions/${name}`}>{name}</Link>
			</h3>
			<ul className="windows">
				{targets.map((target) => (
					<TargetWindow key={target.name} target={target} rate={rate(target.name)} now={now} />
				))}
			</ul>
			<div className="doorstep">
				<p className="small" lang="en">
					{targets[0]?.purpose}
				</p>
				{http && path ? (
					<div className="at-door">
						<Button busy={waking} aria-label={`${verb} ${name}`} onClick={() => onWake(path)}>
							{verb}
						</Button>
						<LoadTest name={name} path={path} history={http.history} />
						<p role="status" className="small">
							{wake?.state === 'awake' && text.answered(duration(wake.took))}
						</p>
					</div>
				) : (
					<p className="quiet small">{http ? text.gateway : text.eventsOnly}</p>
				)}
				{wake?.state === 'failed' && <Failure error={wake.error} />}
			</div>
		</li>
	);
}
