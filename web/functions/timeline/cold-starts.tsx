import type { FunctionState } from '../../../functions/info/api.ts';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { percentile } from '../load/burst.ts';

const useWords = words(
	{
		none: 'no cold start yet',
		last: (duration: string) => `cold start ${duration}`,
		more: (median: string, count: number) => `median ${median} of ${count}`,
		each: (clock: string, duration: string) => `${clock}: ${duration}`,
	},
	{
		none: 'aucun démarrage à froid',
		last: (duration: string) => `à froid : ${duration}`,
		more: (median: string, count: number) => `médiane ${median} sur ${count}`,
		each: (clock: string, duration: string) => `${clock} : ${duration}`,
	},
);

/** The number of cold starts that the info function reports, and the height of the plot in its own units. */
const most = 20;
const height = 24;

export function ColdStarts({ starts }: { readonly starts: FunctionState['cold_starts'] }) {
	const text = useWords();
	const { clock, duration } = useFormat();
	const times = starts.map(({ ms }) => ms);
	const [last, longest] = [times.at(-1), Math.max(...times)];
	if (last === undefined) return <p>{text.none}</p>;
	// Keep a bar visible for a cold start that a cluster reports as 0 s.
	const tall = (ms: number): number => Math.max(2, (ms / Math.max(longest, 1)) * height);
	return (
		<>
			<p>
				{text.last(duration(last))}
				{times.length > 1 && (
					<span className="cold-more">{text.more(duration(percentile(times, 0.5) ?? 0), times.length)}</span>
				)}
			</p>
			<svg className="cold-starts" viewBox={`0 0 ${most * 6} ${height}`} aria-hidden="true">
				{starts.map(({ at, ms }, index) => (
					<rect key={at} x={(most - starts.length + index) * 6 + 1} y={height - tall(ms)} width="4" height={tall(ms)}>
						<title>{text.each(clock(at), duration(ms))}</title>
					</rect>
				))}
			</svg>
		</>
	);
}
