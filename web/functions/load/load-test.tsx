import { useEffect, useState } from 'react';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/notice.tsx';
import type { Door } from '../wake.ts';
import { percentile } from './burst.ts';
import { bounds, type Load, useLoad } from './load.ts';

const useWords = words(
	{
		load: 'Load',
		stop: 'Stop',
		progress: (name: string) => `Load on ${name}`,
		sent: (sent: string, duration: string) => `${sent} requests in ${duration}`,
		rate: (rate: string) => `${rate} a second`,
		failed: (count: number, told: string) => (count ? `${told} failed` : 'none failed'),
		half: (duration: string) => `half of them within ${duration}`,
		slowest: (duration: string) => `99% within ${duration}`,
		most: (count: number, told: string) => `at most ${told} instance${count === 1 ? '' : 's'}`,
	},
	{
		load: 'Solliciter',
		stop: 'Arrêter',
		progress: (name: string) => `Charge sur ${name}`,
		sent: (sent: string, duration: string) => `${sent} requêtes en ${duration}`,
		rate: (rate: string) => `${rate} par seconde`,
		failed: (count: number, told: string) => (count ? `${told} en échec` : 'aucune en échec'),
		half: (duration: string) => `la moitié en moins de ${duration}`,
		slowest: (duration: string) => `99 % en moins de ${duration}`,
		most: (count: number, told: string) => `au plus ${told} instance${count > 1 ? 's' : ''}`,
	},
);

export function LoadTest({ instances, ...door }: Door & { readonly instances: number }) {
	const text = useWords();
	const { load, running, elsewhere, start, stop } = useLoad(door);
	const [most, setMost] = useState(0);
	useEffect(() => {
		if (running) setMost((before) => Math.max(before, instances));
	}, [running, instances]);
	const begin = (): void => {
		setMost(instances);
		start();
	};
	// One button for both actions keeps the focus.
	const verb = running ? text.stop : text.load;
	return (
		<>
			<Button disabled={elsewhere} aria-label={`${verb} ${door.name}`} onClick={running ? stop : begin}>
				{verb}
			</Button>
			{load && (
				<div className="load">
					{running && <progress aria-label={text.progress(door.name)} max={1} value={shareOf(load)} />}
					<div role="status" aria-busy={running}>
						<Figures load={load} most={most} />
					</div>
					{!running && <Failure error={load.failure} />}
				</div>
			)}
		</>
	);
}

const shareOf = ({ sent, took }: Load): number =>
	Math.min(1, Math.max(sent / bounds.requests, took / bounds.milliseconds));

function Figures({ load: { sent, failed, took, durations }, most }: { readonly load: Load; readonly most: number }) {
	const text = useWords();
	const { number, duration } = useFormat();
	const [half, slowest] = [percentile(durations, 0.5), percentile(durations, 0.99)];
	return (
		<ul className="load-figures small">
			<li>
				{text.sent(number(sent), duration(took))}
				{took > 0 && `, ${text.rate(number((sent / took) * 1000, { maximumFractionDigits: 0 }))}`}
			</li>
			<li>{text.failed(failed, number(failed))}</li>
			{half !== undefined && slowest !== undefined && (
				<li>
					{text.half(duration(half))}, {text.slowest(duration(slowest))}
				</li>
			)}
			{most > 0 && <li>{text.most(most, number(most))}</li>}
		</ul>
	);
}
