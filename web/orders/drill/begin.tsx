import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../api/ask.ts';
import { queries, useAnswer } from '../../api/query.ts';
import type { Kind } from '../../drills/sentence.tsx';
import { shortType } from '../../events/naming.ts';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { Failure } from '../../ui/notice.tsx';
import { KindChoice } from './kind-choice.tsx';

const useWords = words(
	{
		which: 'Function that reacts to events',
		delay: 'Delay of each event',
		share: 'Attempts that fail',
		type: 'Type of the event',
		outage: (fn: string) => `Break ${fn}`,
		latency: (fn: string) => `Slow ${fn} down`,
		failures: (fn: string) => `Make ${fn} fail at times`,
		poison: () => 'Poison an event',
		broker: () => 'Wipe the Broker’s memory',
		operator: 'Here no function has the right to restart the Broker. Do it from a terminal:',
		terminal: 'From a terminal:',
	},
	{
		which: 'Fonction qui réagit aux événements',
		delay: 'Retard de chaque événement',
		share: 'Essais qui échouent',
		type: 'Type de l’événement',
		outage: (fn: string) => `Casser ${fn}`,
		latency: (fn: string) => `Ralentir ${fn}`,
		failures: (fn: string) => `Faire échouer ${fn} parfois`,
		poison: () => 'Empoisonner un événement',
		broker: () => 'Effacer la mémoire du Broker',
		operator: 'Ici, aucune fonction n’a le droit de redémarrer le Broker. Faites-le depuis un terminal :',
		terminal: 'Depuis un terminal :',
	},
);

const delays = [200, 1000, 2000];
const shares = [20, 50, 80];

interface Props {
	/** A function, or `broker`. */
	readonly named: string;
	readonly onChoose: (fn: string) => void;
	readonly onBegun: () => void;
}

/** Chooses a drill and starts it. */
export function Begin({ named, onChoose, onBegun }: Props) {
	const text = useWords();
	const { duration, number } = useFormat();
	const [kind, setKind] = useState<Kind>(named === 'broker' ? 'broker' : 'outage');
	const [delay, setDelay] = useState(1000);
	const [share, setShare] = useState(50);
	const [chosenType, setType] = useState<string>();
	const { data: shapes = [] } = useAnswer('GET /api/map');
	const { data: info } = useAnswer('GET /api/info', undefined, { enabled: kind === 'broker' });
	const fn = named === 'broker' ? 'billing' : named;
	const breakable = new Set([fn, ...shapes.filter(({ reacts }) => reacts.length > 0).map(({ name }) => name)]);
	const types = shapes.find(({ name }) => name === fn)?.reacts.map((reaction) => reaction.type) ?? [];
	const type = types.find((each) => each === chosenType) ?? types[0];
	const inputs = {
		outage: {},
		latency: { milliseconds: delay },
		failures: { percent: share },
		poison: { type },
		// The time within which the relay has published again what the Broker forgot.
		broker: { minutes: 1 },
	};
	const beginning = useMutation({
		mutationFn: () =>
			ask('PUT /api/drills/:function', {
				params: { function: kind === 'broker' ? 'broker' : fn },
				body: { kind, ...inputs[kind] },
			}),
		onSuccess: (drill) => {
			onBegun();
			onChoose(drill.function);
			// The button is busy until the drill appears in the list.
			return queries.invalidateQueries({ queryKey: ['GET /api/drills'] });
		},
	});
	const platform = info?.runs_on.platform;
	const isOperators = kind === 'broker' && platform !== undefined && platform !== 'laptop';
	const command =
		isOperators && platform === 'compose'
			? 'docker compose restart broker'
			: `npx bodega drill ${[...(kind === 'outage' ? [] : [kind]), fn].join(' ')}`;
	return (
		<>
			<KindChoice chosen={kind} onChoose={setKind} />
			{kind !== 'broker' && (
				<Select label={text.which} value={fn} onChange={({ target }) => onChoose(target.value)}>
					{[...breakable].sort().map((name) => (
						<option key={name}>{name}</option>
					))}
				</Select>
			)}
			{kind === 'latency' && (
				<Select label={text.delay} value={delay} onChange={({ target }) => setDelay(Number(target.value))}>
					{delays.map((each) => (
						<option key={each} value={each}>
							{duration(each)}
						</option>
					))}
				</Select>
			)}
			{kind === 'failures' && (
				<Select label={text.share} value={share} onChange={({ target }) => setShare(Number(target.value))}>
					{shares.map((each) => (
						<option key={each} value={each}>
							{number(each / 100, { style: 'percent' })}
						</option>
					))}
				</Select>
			)}
			{kind === 'poison' && (
				<Select label={text.type} value={type ?? ''} onChange={({ target }) => setType(target.value)}>
					{types.map((each) => (
						<option key={each} value={each}>
							{shortType(each)}
						</option>
					))}
				</Select>
			)}
			{!isOperators && (
				<p>
					<Button kind="danger" busy={beginning.isPending} onClick={() => beginning.mutate()}>
						{text[kind](fn)}
					</Button>
				</p>
			)}
			<Failure error={beginning.error} />
			<p className="quiet small">
				{isOperators ? text.operator : text.terminal} <code>{command}</code>
			</p>
		</>
	);
}
