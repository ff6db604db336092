import { useMutation } from '@tanstack/react-query';
import { ask } from '../api/ask.ts';
import { queries } from '../api/query.ts';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/notice.tsx';

const useWords = words(
	{
		mend: (fn: string) => `Mend ${fn}`,
		now: 'Publish again now',
		ended: 'The drill is over. What waits is retried by and by, or at once if you say so.',
		mended: (count: number) =>
			`Mended: ${count === 1 ? '1 event was' : `${count} events were`} published again, with the same id${count === 1 ? '' : 's'}.`,
		done: 'The drill is over.',
	},
	{
		mend: (fn: string) => `Réparer ${fn}`,
		now: 'Republier tout de suite',
		ended: 'L’exercice est fini. Ce qui attend est réessayé peu à peu, ou tout de suite si vous le voulez.',
		mended: (count: number) =>
			count > 1
				? `Réparée : ${count} événements ont été republiés, avec les mêmes identifiants.`
				: `Réparée : ${count} événement a été republié, avec le même identifiant.`,
		done: 'L’exercice est fini.',
	},
);

interface Props {
	readonly fn: string;
	/** Whether the function is still broken. */
	readonly on: boolean;
	/** Events that it has yet to handle. */
	readonly waiting: number;
	readonly onMended: () => void;
}

/** Ends a drill, and has what waited published again; also of one that has run out. */
export function Mend({ fn, on, waiting, onMended }: Props) {
	const text = useWords();
	const mending = useMutation({
		mutationFn: () => ask('DELETE /api/drills/:function', { params: { function: fn } }),
		onSuccess: async () => {
			await queries.invalidateQueries({ queryKey: ['GET /api/drills'] });
			onMended();
		},
	});
	const ranOut = !on && !mending.isSuccess && waiting > 0;
	return (
		<>
			<p role="status">
				{mending.isSuccess && !on ? text.mended(mending.data.published) : ranOut ? text.ended : !on && text.done}
			</p>
			{(on || ranOut) && (
				<p>
					<Button kind="main" busy={mending.isPending} onClick={() => mending.mutate()}>
						{on ? text.mend(fn) : text.now}
					</Button>
				</p>
			)}
			<Failure error={mending.error} />
		</>
	);
}
