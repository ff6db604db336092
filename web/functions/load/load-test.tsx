import { useEffect, useId, useState } from 'react';
import type { FunctionState } from '../../../functions/info/api.ts';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Input } from '../../ui/field.tsx';
import { Failure } from '../../ui/notice.tsx';
import { peakSince } from '../timeline/history.ts';
import type { Door } from '../wake.ts';
import { percentile } from './burst.ts';
import { bounds, type Load, mostAtOnce, useLoad } from './load.ts';
import { workloadOf } from './workload.ts';

const useWords = words(
	{
		load: 'Load',
		start: 'Start',
		stop: 'Stop',
		on: (verb: string, name: string) => `${verb} load on ${name}`,
		sends: 'Sends',
		size: (size: string) => `with ${size} of JSON`,
		bounds: (requests: string, duration: string) => `, at most ${requests} times in ${duration}.`,
		parallel: (count: string) => `In parallel: ${count}`,
		connections: 'A browser opens at most six connections to a shop.',
		progress: (name: string) => `Load on ${name}`,
		sent: (sent: string, duration: string) => `${sent} requests in ${duration}`,
		rate: (rate: string) => `${rate} a second`,
		failed: (count: number, told: string) => (count ? `${told} failed` : 'none failed'),
		half: (duration: string) => `half of them within ${duration}`,
		slowest: (duration: string) => `99% within ${duration}`,
		peak: (count: number, told: string) => `peak: ${told} instance${count === 1 ? '' : 's'}`,
	},
	{
		load: 'Solliciter',
		start: 'Lancer',
		stop: 'Arrêter',
		on: (verb: string, name: string) => `${verb} la charge sur ${name}`,
		sends: 'Envoie',
		size: (size: string) => `avec ${size} de JSON`,
		bounds: (requests: string, duration: string) => `, au plus ${requests} fois en ${duration}.`,
		parallel: (count: string) => `En parallèle : ${count}`,
		connections: 'Un navigateur ouvre au plus six connexions vers une boutique.',
		progress: (name: string) => `Charge sur ${name}`,
		sent: (sent: string, duration: string) => `${sent} requêtes en ${duration}`,
		rate: (rate: string) => `${rate} par seconde`,
		failed: (count: number, told: string) => (count ? `${told} en échec` : 'aucune en échec'),
		half: (duration: string) => `la moitié en moins de ${duration}`,
		slowest: (duration: string) => `99 % en moins de ${duration}`,
		peak: (count: number, told: string) => `pic : ${told} instance${count > 1 ? 's' : ''}`,
	},
);

interface Props extends Door {
	/** The instances of the function's HTTP target in the last minutes. */
	readonly history: FunctionState['history'];
}

/** A button that opens what a load sends, and how much of it in parallel. */
export function LoadTest({ history, ...door }: Props) {
	const text = useWords();
	const { number, duration } = useFormat();
	const { load, running, elsewhere, start, stop } = useLoad(door);
	const [isOpen, setOpen] = useState(false);
	const [atOnce, setAtOnce] = useState(mostAtOnce);
	/** The time of the last change of the instances before the start, as the shop reports it. */
	const [since, setSince] = useState<string>();
	const [peak, setPeak] = useState(0);
	useEffect(() => {
		if (running) setPeak((before) => Math.max(before, peakSince(history, since)));
	}, [running, history, since]);
	const id = useId();
	const { method, path, body } = workloadOf(door.name, door.path);
	const size = body === undefined ? 0 : JSON.stringify(body).length / 1000;
	const begin = (): void => {
		setSince(history.at(-1)?.at);
		setPeak(0);
		start(atOnce);
	};
	// One button for both actions keeps the focus.
	const verb = running ? text.stop : text.start;
	return (
		<>
			<Button
				aria-expanded={isOpen}
				aria-controls={id}
				aria-label={`${text.load} ${door.name}`}
				onClick={() => setOpen(!isOpen)}
			>
				{text.load}
			</Button>
			<div id={id} className="load" hidden={!isOpen}>
				<p className="small">
					{text.sends} <code>{`${method} ${path}`}</code>
					{size > 0 && ` ${text.size(number(size, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 }))}`}
					{text.bounds(number(bounds.requests), duration(bounds.milliseconds))}
				</p>
				<Input
					label={text.parallel(number(atOnce))}
					hint={text.connections}
					type="range"
					min={1}
					max={mostAtOnce}
					value={atOnce}
					disabled={running}
					onChange={({ target }) => setAtOnce(Number(target.value))}
				/>
				<Button kind="main" disabled={elsewhere} aria-label={text.on(verb, door.name)} onClick={running ? stop : begin}>
					{verb}
				</Button>
				{load && (
					<>
						{running && <progress aria-label={text.progress(door.name)} max={1} value={shareOf(load)} />}
						<div role="status" aria-busy={running}>
							<Figures load={load} peak={peak} />
						</div>
						{!running && <Failure error={load.failure} />}
					</>
				)}
			</div>
		</>
	);
}

const shareOf = ({ sent, took }: Load): number =>
	Math.min(1, Math.max(sent / bounds.requests, took / bounds.milliseconds));

function Figures({ load: { sent, failed, took, durations }, peak }: { readonly load: Load; readonly peak: number }) {
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
			{peak > 0 && <li>{text.peak(peak, number(peak))}</li>}
		</ul>
	);
}
