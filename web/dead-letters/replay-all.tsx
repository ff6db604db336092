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
		sure: 'Each event is published again with the same id. Functions that have already handled it ignore it; the others handle it now. If a function is still broken, its events come back.',
		tally: (handled: number, underWay: number, back: number) =>
			`Replay results: ${handled} handled, ${underWay} in progress, ${back} failed again.`,
	},
	{
		verb: (count: string) => `Rejouer les ${count}`,
		asked: (count: string) => `Rejouer les ${count} lettres ?`,
		sure: 'Chaque événement est republié avec le même identifiant. Les fonctions qui l’ont déjà traité l’ignorent ; les autres le traitent. Si une fonction est toujours en panne, ses événements reviendront.',
		tally: (handled: number, underWay: number, back: number) =>
			`Résultat : ${handled} traité${handled > 1 ? 's' : ''}, ${underWay} en cours, ${back} de nouveau en échec.`,
	},
);

interface Props {
	readonly open: readonly DeadLetter[];
	/** Whether there are more than these. */
	readonly more: boolean;
	readonly replays: ReadonlyMap<string, Replay>;
	/** Called with the replayed letters among `open`. */
	readonly onReplayed: (letters: readonly DeadLetter[]) => void;
}

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
					onClick={() => (open.length > 5 || more ? setAsking(true) : replaying.mutate())}
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
