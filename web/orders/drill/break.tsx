import { useMutation } from '@tanstack/react-query';
import { ask } from '../../api/ask.ts';
import { queries, useAnswer } from '../../api/query.ts';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { Failure } from '../../ui/notice.tsx';
import { Countdown } from './countdown.tsx';
import type { Current } from './current.ts';

const useWords = words(
	{
		which: 'Function that reacts to events',
		break: (fn: string) => `Break ${fn}`,
		longer: 'Five minutes more',
		broken: (fn: string, when: string) => `${fn} has been broken since ${when}.`,
		was: (fn: string, when: string) => `${fn} was broken at ${when}.`,
		terminal: 'From a terminal:',
	},
	{
		which: 'Fonction qui réagit aux événements',
		break: (fn: string) => `Casser ${fn}`,
		longer: 'Cinq minutes de plus',
		broken: (fn: string, when: string) => `${fn} est cassée depuis ${when}.`,
		was: (fn: string, when: string) => `${fn} a été cassée à ${when}.`,
		terminal: 'Depuis un terminal :',
	},
);

interface Props {
	readonly current: Current;
	readonly onChoose: (fn: string) => void;
}

export function Break({ current: { function: fn, since, running }, onChoose }: Props) {
	const text = useWords();
	const { clock } = useFormat();
	const { data: functions = [] } = useAnswer('GET /api/map', undefined, { enabled: since === undefined });
	const breaking = useMutation({
		mutationFn: () => ask('PUT /api/drills/:function', { params: { function: fn }, body: {} }),
		// The button is busy until the drill appears in the list.
		onSuccess: () => queries.invalidateQueries({ queryKey: ['GET /api/drills'] }),
	});
	const breakable = new Set([fn, ...functions.filter(({ reacts }) => reacts.length > 0).map(({ name }) => name)]);
	return (
		<>
			{since === undefined ? (
				<Select label={text.which} value={fn} onChange={({ target }) => onChoose(target.value)}>
					{[...breakable].sort().map((name) => (
						<option key={name}>{name}</option>
					))}
				</Select>
			) : (
				<p role="status">
					{running ? text.broken(fn, clock(since)) : text.was(fn, clock(since))}
					{running && ' '}
					{running && <Countdown seconds={running.seconds_left} />}
				</p>
			)}
			{(running || since === undefined) && (
				// One button for both actions, so that it keeps the focus.
				<p>
					<Button kind="danger" busy={breaking.isPending} onClick={() => breaking.mutate()}>
						{running ? text.longer : text.break(fn)}
					</Button>
				</p>
			)}
			<Failure error={breaking.error} />
			{since === undefined && (
				<p className="quiet small">
					{text.terminal} <code>npx bodega drill {fn}</code>
				</p>
			)}
		</>
	);
}
