import type { Day } from '../../functions/weather/api.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { Sky, useSky } from './sky.tsx';

const useWords = words(
	{ title: 'The next days', highest: 'highest', lowest: 'lowest' },
	{ title: 'Les prochains jours', highest: 'maximum', lowest: 'minimum' },
);

export function Forecast({ days }: { readonly days: readonly Day[] }) {
	const text = useWords();
	const format = useFormat();
	const sky = useSky();
	// Round slightly negative values to 0, not −0.
	const degrees = (value: number): string =>
		`${format.number(value, { maximumFractionDigits: 0, signDisplay: 'negative' })}°`;
	return (
		<ol className="forecast" aria-label={text.title}>
			{days.map((day) => (
				<li key={day.date}>
					<p className="forecast-day">{format.day(day.date)}</p>
					<Sky icon={day.icon} />
					<p className="unseen">{sky(day)}</p>
					<p className="forecast-degrees">
						<span className="unseen">{text.highest} </span>
						<strong>{degrees(day.temperature_max)}</strong>
						<span className="unseen">, {text.lowest} </span> <span>{degrees(day.temperature_min)}</span>
					</p>
				</li>
			))}
		</ol>
	);
}
