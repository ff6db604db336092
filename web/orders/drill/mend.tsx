import { useMutation } from '@tanstack/react-query';
import { ask } from '../../api/ask.ts';
import { Problem } from '../../api/problem.ts';
import { queries } from '../../api/query.ts';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/notice.tsx';

const useWords = words(
	{
		mend: (fn: string) => `Repair ${fn}`,
		now: 'Publish again now',
		ended: 'The drill is over. Waiting events are published again within a minute; you can also do it now.',
		mended: (count: number) =>
			`Repaired. ${count === 1 ? '1 event was' : `${count} events were`} published again with the same id${count === 1 ? '' : 's'}.`,
		done: 'The drill is over.',
	},
	{
		mend: (fn: string) => `Réparer ${fn}`,
		now: 'Republier maintenant',
		ended:
			'L’exercice est fini. Les événements en attente seront republiés d’ici une minute ; vous pouvez aussi le faire maintenant.',
		mended: (count: number) =>
			count > 1
				? `Fonction réparée. ${count} événements ont été republiés avec les mêmes identifiants.`
				: `Fonction réparée. ${count} événement a été republié avec le même identifiant.`,
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

/** Ends a drill and publishes its waiting events again, also after the drill has run out. */
export function Mend({ fn, on, waiting, onMended }: Props) {
	const text = useWords();
	const mending = useMutation({
		mutationFn: () =>
			ask('DELETE /api/drills/:function', { params: { function: fn } }).catch((error: unknown) => {
				// The relay or another admin has ended it, and republished the events.
				if (error instanceof Problem && error.status === 404) return { published: 0 };
				throw error;
			}),
		onSuccess: async () => {
			await queries.invalidateQueries({ queryKey: ['GET /api/drills'] });
			onMended();
		},
	});
	const ranOut = !on && !mending.isSuccess && waiting > 0;
	return (
		<>
			<p role="status">
				{mending.data?.published && !on ? text.mended(mending.data.published) : ranOut ? text.ended : !on && text.done}
			</p>
			{(on || ranOut) && (
				<p>
					<Button kind="main" busy={mending.isPending} onClick={() => mending.mutate()}>
						{on && fn !== 'broker' ? text.mend(fn) : text.now}
					</Button>
				</p>
			)}
			<Failure error={mending.error} />
		</>
	);
}
