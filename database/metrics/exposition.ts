/** One value of a metric, with the labels that identify it. */
export interface Sample {
	readonly labels?: Readonly<Record<string, string | number>>;
	readonly value: number;
	/** A suffix of the metric's name, such as a histogram's `_count`. */
	readonly suffix?: string;
}

export interface Metric {
	readonly name: string;
	readonly help: string;
	readonly type: 'counter' | 'gauge' | 'histogram';
	readonly samples: readonly Sample[];
}

export const mediaType = 'text/plain; version=0.0.4; charset=utf-8';

/** Formats metrics for Prometheus (its "Text-based format"). */
export const expose = (metrics: readonly Metric[]): string =>
	metrics
		.map(({ name, help, type, samples }) =>
			[
				`# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
				`# TYPE ${name} ${type}`,
				...samples.map(({ suffix = '', labels = {}, value }) => `${name}${suffix}${labelsOf(labels)} ${textOf(value)}`),
				'',
			].join('\n'),
		)
		.join('');

function labelsOf(labels: NonNullable<Sample['labels']>): string {
	const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(String(value))}"`);
	return pairs.length ? `{${pairs.join(',')}}` : '';
}

const escapeValue = (text: string): string =>
	text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

const textOf = (value: number): string =>
	value === Number.POSITIVE_INFINITY ? '+Inf' : value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
