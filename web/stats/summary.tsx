import type { Received } from '../api/endpoints.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { Table } from '../ui/table.tsx';
import type { Bin } from './histogram.ts';

const useWords = words(
	{
		figures: 'Figures',
		count: 'Count',
		mean: 'Mean',
		median: 'Median',
		variance: 'Variance',
		standard_deviation: 'Standard deviation',
		min: 'Minimum',
		max: 'Maximum',
		histogram: (bins: number, most: string) => `Histogram of ${bins} bins; the fullest has ${most} numbers.`,
		bins: 'As a table',
		from: 'From',
		to: 'to',
		howMany: 'Numbers',
	},
	{
		figures: 'Résultats',
		count: 'Effectif',
		mean: 'Moyenne',
		median: 'Médiane',
		variance: 'Variance',
		standard_deviation: 'Écart type',
		min: 'Minimum',
		max: 'Maximum',
		histogram: (bins: number, most: string) =>
			`Histogramme à ${bins} classes ; la plus remplie compte ${most} nombres.`,
		bins: 'En tableau',
		from: 'De',
		to: 'à',
		howMany: 'Nombres',
	},
);

const figures = ['count', 'mean', 'median', 'variance', 'standard_deviation', 'min', 'max'] as const;

interface Props {
	readonly summary: Received<'POST /api/stats/summary'>;
	readonly bins: readonly Bin[];
}

export function Summary({ summary, bins }: Props) {
	const text = useWords();
	const { number } = useFormat();
	const exact = (value: number): string => number(value, { maximumSignificantDigits: 15 });
	const short = (value: number): string => number(value, { maximumSignificantDigits: 4 });
	const most = Math.max(...bins.map(({ count }) => count));
	return (
		<div className="stack" role="status">
			<dl className="figures-list">
				{figures.map((name) => (
					<div key={name}>
						<dt>{text[name]}</dt>
						<dd>{exact(summary[name])}</dd>
					</div>
				))}
			</dl>
			<figure className="histogram">
				<svg
					viewBox={`0 0 ${bins.length} 100`}
					preserveAspectRatio="none"
					role="img"
					aria-label={text.histogram(bins.length, number(most))}
				>
					{bins.map(({ from, count }, index) => (
						<rect
							key={from}
							x={index + 0.04}
							width={0.92}
							y={100 - (count / most) * 100}
							height={(count / most) * 100}
						/>
					))}
				</svg>
				<figcaption className="histogram-scale small figures" aria-hidden="true">
					<span>{short(summary.min)}</span>
					<span>{short(summary.max)}</span>
				</figcaption>
			</figure>
			<details>
				<summary>{text.bins}</summary>
				<Table
					label={text.bins}
					className="scroll histogram-table"
					heads={[text.from, text.to, text.howMany]}
					numbers={[0, 1, 2]}
					rowHeads={false}
					rows={bins.map(({ from, to, count }) => ({ key: from, cells: [short(from), short(to), number(count)] }))}
				/>
			</details>
		</div>
	);
}
