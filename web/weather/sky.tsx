import type { ReactNode } from 'react';
import type { Day, Icon } from '../../functions/weather/api.ts';
import { useLanguage } from '../language.ts';

/** French descriptions by icon. The API describes the sky only in English, in more detail than the icons. */
const french: Readonly<Record<Icon, string>> = {
	clear: 'ciel dégagé',
	'partly-cloudy': 'partiellement nuageux',
	cloudy: 'couvert',
	fog: 'brouillard',
	drizzle: 'bruine',
	rain: 'pluie',
	sleet: 'pluie verglaçante',
	snow: 'neige',
	thunderstorm: 'orage',
	unknown: 'ciel inconnu',
};

export function useSky() {
	const language = useLanguage();
	return ({ weather, icon }: Pick<Day, 'weather' | 'icon'>): string => (language === 'fr' ? french[icon] : weather);
}

const cloud = <path className="sky-cloud" d="M11 30a7 7 0 0 1 0-14 10 10 0 0 1 19-2 8 8 0 0 1 5 16z" />;
const farCloud = <path className="sky-far" d="M22 22a6 6 0 0 1 0-11 8 8 0 0 1 15-1 6 6 0 0 1 4 12z" />;
const sun = (
	<>
		<circle className="sky-sun" cx="24" cy="22" r="8" />
		<path
			className="sky-ray"
			d="M24 5v5M24 34v5M7 22h5M36 22h5M12 10l3.5 3.5M32.5 30.5L36 34M36 10l-3.5 3.5M15.5 30.5L12 34"
		/>
	</>
);
const fall = (d: string, kind: 'drop' | 'flake'): ReactNode => <path className={`sky-${kind}`} d={d} />;

const drawings: Readonly<Record<Icon, ReactNode>> = {
	clear: sun,
	'partly-cloudy': (
		<>
			<circle className="sky-sun" cx="31" cy="14" r="7" />
			{cloud}
		</>
	),
	cloudy: (
		<>
			{farCloud}
			{cloud}
		</>
	),
	fog: (
		<>
			{cloud}
			<path className="sky-mist" d="M8 35h26M13 40h26" />
		</>
	),
	drizzle: (
		<>
			{cloud}
			{fall('M15 35v2M23 35v2M31 35v2M19 40v2M27 40v2', 'drop')}
		</>
	),
	rain: (
		<>
			{cloud}
			{fall('M16 34l-3 8M24 34l-3 8M32 34l-3 8', 'drop')}
		</>
	),
	sleet: (
		<>
			{cloud}
			{fall('M16 34l-3 8M32 34l-3 8', 'drop')}
			{fall('M24 36v6M21.4 37.5l5.2 3M26.6 37.5l-5.2 3', 'flake')}
		</>
	),
	snow: (
		<>
			{cloud}
			{fall(
				'M14 35v6M11.4 36.5l5.2 3M16.6 36.5l-5.2 3M30 35v6M27.4 36.5l5.2 3M32.6 36.5l-5.2 3M22 39v6M19.4 40.5l5.2 3M24.6 40.5l-5.2 3',
				'flake',
			)}
		</>
	),
	thunderstorm: (
		<>
			{cloud}
			<path className="sky-bolt" d="M25 27l-7 10h5l-2 8 8-11h-5l3-7z" />
		</>
	),
	unknown: (
		<>
			{cloud}
			<path className="sky-mist" d="M20 21a3.2 3.2 0 1 1 4.4 3q-1.4.6-1.4 2M23 28.5v.1" />
		</>
	),
};

/** A drawing of the sky. It is hidden from screen readers because the text beside it says the same. */
export const Sky = ({ icon }: { readonly icon: Icon }) => (
	<svg className="sky" viewBox="0 0 48 48" aria-hidden="true">
		{drawings[icon]}
	</svg>
);
