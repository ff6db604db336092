import { useState } from 'react';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';

const useWords = words(
	{
		clear: (count: number) => `Clear done (${count})`,
		sure: (count: number) => (count === 1 ? 'Delete the completed to-do?' : `Delete the ${count} completed to-dos?`),
		forGood: 'This cannot be undone. Pending to-dos stay.',
		verb: 'Delete',
	},
	{
		clear: (count: number) => `Effacer ce qui est fait (${count})`,
		sure: (count: number) =>
			count === 1 ? 'Supprimer la tâche terminée ?' : `Supprimer les ${count} tâches terminées ?`,
		forGood: 'Cette suppression est définitive. Les tâches à faire restent.',
		verb: 'Supprimer',
	},
);

export function ClearDone({ count, onClear }: { readonly count: number; readonly onClear: () => void }) {
	const text = useWords();
	const [asking, setAsking] = useState(false);
	return (
		<>
			{count > 0 && <Button onClick={() => setAsking(true)}>{text.clear(count)}</Button>}
			{asking && (
				<Confirm
					title={text.sure(count)}
					verb={text.verb}
					onConfirm={() => {
						setAsking(false);
						onClear();
					}}
					onClose={() => setAsking(false)}
				>
					<p>{text.forGood}</p>
				</Confirm>
			)}
		</>
	);
}
