import { useState } from 'react';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';

const useWords = words(
	{
		clear: (count: number) => `Clear done (${count})`,
		sure: (count: number) =>
			`Delete ${count === 1 ? 'the one' : `the ${count}`} that ${count === 1 ? 'is' : 'are'} done?`,
		forGood: 'What is done goes for good. What is pending stays.',
		verb: 'Delete',
	},
	{
		clear: (count: number) => `Effacer ce qui est fait (${count})`,
		sure: (count: number) =>
			count === 1 ? 'Supprimer celle qui est faite ?' : `Supprimer les ${count} qui sont faites ?`,
		forGood: 'Ce qui est fait disparaît définitivement. Ce qui est à faire reste.',
		verb: 'Supprimer',
	},
);

interface Props {
	/** How many are done. */
	readonly count: number;
	readonly onClear: () => void;
}

/** Deletes all that is done, after a question: this cannot be taken back. */
export function ClearDone({ count, onClear }: Props) {
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
