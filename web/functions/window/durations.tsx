import type { UseQueryResult } from '@tanstack/react-query';
import type { FunctionDetail } from '../../../functions/info/api.ts';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { filled, medianOf, totalOf } from './buckets.ts';

const useWords = words(
	{
		title: 'Cold against warm',
		lead: 'How long the last cold starts took, and how long running instances take to answer.',
		label: (service: string) => `Durations of ${service}`,
		upTo: (duration: string) => `up to ${duration}`,
		above: (duration: string) => `above ${duration}`,
		duration: 'Duration',
		cold: 'Cold starts',
		warm: 'Warm answers',
		none: 'Nothing measured yet.',
		total: 'Median',
		unknown: '–',
	},
	{
		title: 'À froid et à chaud',
		lead: 'La durée des derniers démarrages à froid, et le temps de réponse des instances déjà en marche.',
		label: (service: string) => `Durées de ${service}`,
		upTo: (duration: string) => `jusqu’à ${duration}`,
		above: (duration: string) => `plus de ${duration}`,
		duration: 'Durée',
		cold: 'À froid',
		warm: 'À chaud',
		none: 'Aucune mesure pour l’instant.',
		total: 'Médiane',
		unknown: '–',
	},
);

/** A histogram of cold starts and of answers. It is a table, so that screen readers read the same numbers. */
export function Durations({ query }: { readonly query: Pick<UseQueryResult<FunctionDetail>, 'data' | 'error'> }) {
	const text = useWords();
	return (
		<section className="card stack" aria-labelledby="durations">
			<h2 id="durations">{text.title}</h2>
			<p className="small quiet">{text.lead}</p>
			<Loaded query={query}>
				{({ services }) => services.map((service) => <Histogram key={service.name} service={service} />)}
			</Loaded>
		</section>
	);
}

function Histogram({ service: { name, durations } }: { readonly service: FunctionDetail['services'][number] }) {
	const text = useWords();
	const format = useFormat();
	const buckets = filled(durations);
	const longest = durations.at(-2)?.up_to_ms ?? 0;
	const bound = (ms: number | null): string =>
		ms === null ? text.above(format.duration(longest)) : text.upTo(format.duration(ms));
	const median = (kind: 'cold' | 'warm'): string => {
		const bucket = medianOf(durations, kind);
		return bucket ? bound(bucket.up_to_ms) : text.unknown;
	};
	const most = { cold: totalOf(durations, 'cold'), warm: totalOf(durations, 'warm') };
	return (
		<table className="durations small">
			<caption>{text.label(name)}</caption>
			<thead>
				<tr>
					<th scope="col">{text.duration}</th>
					<th scope="col">{text.cold}</th>
					<th scope="col">{text.warm}</th>
				</tr>
			</thead>
			<tbody>
				{buckets.length === 0 && (
					<tr>
						<td colSpan={3} className="quiet">
							{text.none}
						</td>
					</tr>
				)}
				{buckets.map((bucket) => (
					<tr key={bucket.up_to_ms}>
						<th scope="row">{bound(bucket.up_to_ms)}</th>
						{(['cold', 'warm'] as const).map((kind) => (
							<td key={kind}>
								<svg
									className="share"
									data-kind={kind}
									viewBox="0 0 100 1"
									preserveAspectRatio="none"
									aria-hidden="true"
								>
									<rect width={(bucket[kind] / Math.max(1, most[kind])) * 100} height="1" />
								</svg>
								{format.number(bucket[kind])}
							</td>
						))}
					</tr>
				))}
			</tbody>
			{buckets.length > 0 && (
				<tfoot>
					<tr>
						<th scope="row">{text.total}</th>
						<td>{median('cold')}</td>
						<td>{median('warm')}</td>
					</tr>
				</tfoot>
			)}
		</table>
	);
}
