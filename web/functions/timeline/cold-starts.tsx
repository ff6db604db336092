import type { FunctionState } from '../../../functions/info/api.ts';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { percentile } from '../load/burst.ts';

const useWords = words(
	{
		none: 'no cold start yet',
		last: (duration: string) => `cold start ${duration}`,
		more: (median: string, count: number) => `median ${median} of ${count}`,
	},
	{
		none: 'aucun démarrage à froid',
		last: (duration: string) => `à froid : ${duration}`,
		more: (median: string, count: number) => `médiane ${median} sur ${count}`,
	},
);

export function ColdStarts({ starts }: { readonly starts: FunctionState['cold_starts'] }) {
	const text = useWords();
	const { duration } = useFormat();
	const times = starts.map(({ ms }) => ms);
	const last = times.at(-1);
	if (last === undefined) return <p>{text.none}</p>;
	return (
		<p>
			{text.last(duration(last))}
			{times.length > 1 && `, ${text.more(duration(percentile(times, 0.5) ?? 0), times.length)}`}
		</p>
	);
}
