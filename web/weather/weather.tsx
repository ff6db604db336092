import { useEffect, useId } from 'react';
import type { Received } from '../api/endpoints.ts';
import { Problem } from '../api/problem.ts';
import { useAnswer } from '../api/query.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { TimeIn } from '../time.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Notice } from '../ui/notice.tsx';
import { useCity } from './city.ts';
import { CityField } from './city-field.tsx';
import { Forecast } from './forecast.tsx';
import { Sky, useSky } from './sky.tsx';

const useWords = words(
	{
		title: 'Weather',
		none: 'Enter a city to see its weather.',
		unknown: (city: string) => `No city “${city}” found. Check the spelling, or try a larger city nearby.`,
		humidity: 'Humidity',
		wind: 'Wind',
		stale: (moment: string) => `The weather service is unavailable. Last update: ${moment}`,
		observed: (moment: string) => `As of ${moment}`,
	},
	{
		title: 'Météo',
		none: 'Indiquez une ville pour voir sa météo.',
		unknown: (city: string) =>
			`Aucune ville « ${city} » trouvée. Vérifiez l’orthographe, ou essayez une plus grande ville proche.`,
		humidity: 'Humidité',
		wind: 'Vent',
		stale: (moment: string) => `Le service météo est indisponible. Dernier relevé : ${moment}`,
		observed: (moment: string) => `Relevé de ${moment}`,
	},
);

export default function Weather() {
	const text = useWords();
	const title = useId();
	const { city, look, remember } = useCity();
	const query = useAnswer(
		'GET /api/weather',
		{ query: { city: city ?? '', days: 5 } },
		{ enabled: city !== undefined },
	);
	const { isSuccess, error } = query;
	// biome-ignore lint/correctness/useExhaustiveDependencies: runs only when a city was found
	useEffect(() => {
		if (isSuccess) remember(city);
	}, [isSuccess, city]);
	return (
		<section className="stack weather" aria-labelledby={title}>
			<h2 id={title}>{text.title}</h2>
			<CityField city={city} onLook={look} />
			{city === undefined ? (
				<p className="empty">{text.none}</p>
			) : error instanceof Problem && error.status === 404 ? (
				<Notice>{text.unknown(city)}</Notice>
			) : (
				<Loaded query={query}>{(report) => <Seen report={report} />}</Loaded>
			)}
		</section>
	);
}

function Seen({ report }: { readonly report: Received<'GET /api/weather'> }) {
	const text = useWords();
	const format = useFormat();
	const sky = useSky();
	const { city, country, temperature, humidity, wind_speed, icon, observed_at, stale, forecast } = report;
	return (
		<div className="weather-window">
			<div className="weather-now">
				<h3>
					{city} {country !== null && <span className="weather-country">{country}</span>}
				</h3>
				<Sky icon={icon} />
				<p className="weather-degrees">
					{format.number(temperature, {
						style: 'unit',
						unit: 'celsius',
						maximumFractionDigits: 1,
						signDisplay: 'negative',
					})}
				</p>
				<p className="weather-words">{sky(report)}</p>
				<dl className="weather-figures">
					<div>
						<dt>{text.humidity}</dt>
						<dd>{format.number(humidity / 100, { style: 'percent' })}</dd>
					</div>
					<div>
						<dt>{text.wind}</dt>
						<dd>
							{format.number(wind_speed, { style: 'unit', unit: 'kilometer-per-hour', maximumFractionDigits: 0 })}
						</dd>
					</div>
				</dl>
				<p className="weather-time small">
					<TimeIn say={stale ? text.stale : text.observed} at={observed_at} />
				</p>
			</div>
			{forecast && <Forecast days={forecast} />}
		</div>
	);
}
