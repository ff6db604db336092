import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeadLetter } from '../../functions/event-log/api.ts';
import { ask } from '../api/ask.ts';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { Failure } from '../ui/notice.tsx';
import { isUnderWay, type Replay } from './replays.ts';

const useWords = words(
	{
		verb: (count: string) => `Replay all ${count}`,
		asked: (count: string) => `Replay all ${count} letters?`,
		sure: 'Each event is published again, with the same id: who has handled it does nothing, who has not handles it now. If the fault is not mended they all come back.',
		tally: (handled: number, underWay: number, back: number) =>
			`Of what was replayed: ${handled} handled, ${underWay} under way, ${back} came back.`,
	},
	{
		verb: (count: string) => `Rejouer les ${count}`,
		asked: (count: string) => `Rejouer les ${count} lettres ?`,
		sure: 'Chaque événement est republié avec le même identifiant : qui l’a déjà traité ne fait rien, qui ne l’a pas traité le traite. Si la panne n’est pas réparée, ils reviendront tous.',
		tally: (handled: number, underWay: number, back: number) =>
			`De ce qui a été rejoué : ${handled} traité${handled > 1 ? 's' : ''}, ${underWay} en cours, ${back} de retour.`,
	},
);

/** As many as this are replayed without asking. */
const few = 5;

interface Props {
	readonly open: readonly DeadLetter[];
	/** Whether there are more than these. */
	readonly more: boolean;
	readonly replays: ReadonlyMap<string, Replay>;
	/** Called with those that are known to have been replayed. */
	readonly onReplayed: (letters: readonly DeadLetter[]) => void;
}

/** Replays all dead letters, and tells what has become of what was replayed. */
export function ReplayAll({ open, more, replays, onReplayed }: Props) {
	const text = useWords();
	const [asking, setAsking] = useState(false);
	const replaying = useMutation({
		mutationFn: () => ask('POST /api/dead-letters/replay'),
		onSuccess: () => onReplayed(open),
		onSettled: () => setAsking(false),
	});
	const count = `${open.length}${more ? '+' : ''}`;
	const all = [...replays.values()];
	const underWay = all.filter(isUnderWay).length;
	const back = all.filter(({ delivery }) => delivery?.status === 'dead').length;
	return (
		<>
			<p className="quiet small" role="status">
				{all.length > 1 && text.tally(all.length - underWay - back, underWay, back)}
			</p>
			{open.length > 1 && (
				<Button
					busy={replaying.isPending}
					onClick={() => (open.length > few || more ? setAsking(true) : replaying.mutate())}
				>
					{text.verb(count)}
				</Button>
			)}
			<Failure error={replaying.error} />
			{asking && (
				<Confirm
					title={text.asked(count)}
					verb={text.verb(count)}
					busy={replaying.isPending}
					onConfirm={() => replaying.mutate()}
					onClose={() => setAsking(false)}
				>
					<p>{text.sure}</p>
				</Confirm>
			)}
		</>
	);
}
